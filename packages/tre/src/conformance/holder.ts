import { type Bytes, sha256, type Result } from '@tallystick/protocol';
import { type Bench, check } from './bench.ts';
import { type Check, must, mustEqual, mustRefuse } from './check.ts';
import type { ExaminedPurse } from './purse.ts';

/** The holder's PIN: wrong tries are counted for good. */
export const HOLDER_CHECKS: readonly Check[] = [
  check('knows the PIN again after it was closed', 'TS-HLD-2', [], knowsPin),
  check('counts wrong PINs across closings, and blocks', 'TS-HLD-3', [], countsTries),
  check('gives no try back when the power fails', 'TS-HLD-3', ['faults', 'power'], keepsTries),
];

const PIN = Uint8Array.from([0x31, 0x32, 0x33, 0x34]);
const WRONG = Uint8Array.from([0x39, 0x39, 0x39, 0x39]);
const TRIES = 5;

function unlock(purse: ExaminedPurse, pin: Bytes): Promise<Result<unknown>> {
  return purse.run({ kind: 21, pin });
}

async function triesLeft(purse: ExaminedPurse): Promise<number> {
  const { pinTriesLeft } = await purse.status();
  must(pinTriesLeft !== null, 'the purse has forgotten its PIN');
  return pinTriesLeft;
}

async function knowsPin(bench: Bench): Promise<void> {
  const purse = await bench.purse({ pin: PIN });
  await purse.get({ kind: 20 }, 0);
  await purse.reopen();
  mustEqual((await purse.status()).lock, 1, "the holder's lock");
  mustRefuse(await unlock(purse, WRONG), 'PIN_WRONG', 'a wrong PIN');
  must((await unlock(purse, PIN)).ok, 'the right PIN is refused');
  mustEqual(await triesLeft(purse), TRIES, 'the tries left after the right PIN');
  await purse.get({ kind: 19, current: PIN, next: sha256(PIN) }, 0);
  await purse.reopen();
  mustRefuse(await unlock(purse, PIN), 'PIN_WRONG', 'the PIN that was changed');
  must((await unlock(purse, sha256(PIN))).ok, 'the new PIN is refused');
}

async function countsTries(bench: Bench): Promise<void> {
  const purse = await bench.purse({ pin: PIN });
  for (let left = TRIES - 1; left >= 0; left--) {
    mustRefuse(await unlock(purse, WRONG), 'PIN_WRONG', 'a wrong PIN');
    await purse.reopen();
    mustEqual(await triesLeft(purse), left, 'the tries left');
  }
  mustRefuse(await unlock(purse, PIN), 'PIN_BLOCKED', 'the right PIN, too late');
}

async function keepsTries(bench: Bench): Promise<void> {
  const purse = await bench.purse({ pin: PIN });
  const { faults } = purse.specimen;
  must(faults !== undefined, 'the environment offers no faults');
  // The try is committed first; the hash that tells right from wrong comes after it.
  faults.powerCut = { effectsLeft: 1, at: 'before' };
  const outcome = await unlock(purse, WRONG).then(
    () => 'answered',
    () => 'gone',
  );
  mustEqual(outcome, 'gone', 'a PIN whose answer the power cut off');
  await purse.specimen.cutPower?.();
  await purse.open();
  mustEqual(await triesLeft(purse), TRIES - 1, 'the tries left');
}
