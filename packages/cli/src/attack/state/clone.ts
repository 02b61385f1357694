import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Attack, Finding } from '../attack.ts';
import { finding } from '../attempt.ts';
import { Purse } from '../purse.ts';
import { MONEY, payInFull } from './rollback.ts';

/** One purse on two devices. */
export const CLONE: Attack = {
  name: 'multi-instance clone',
  group: 'state',
  attacker: 'file',
  reference: 'Briongos et al., No Forking Way (ACSAC 2023)',
  aim: 'Run a copy of the purse on a second device, and spend with both.',
  run: async (arena) => {
    const payer = await arena.purse({ amount: MONEY });
    const before = await payer.hash();
    const [clone, refusal] = await onAnotherDevice(arena, payer);
    const ran = 'copied the storage to a second device, and opened it there beside the first';
    if (clone === null) return finding('prevented', { ran, before, refusal });
    await payer.open();
    const [first, second] = [await arena.bystander(), await arena.bystander()];
    await payInFull(payer, first, MONEY);
    await payInFull(clone, second, MONEY);
    return finding('succeeded', {
      ran,
      before,
      after: await clone.hash(),
      remark: `${MONEY} spent twice; both payments are at one position of one log: a proof, once both payees have synced`,
    });
  },
};

/** The purse itself, taken to another device. */
export const MOVED_STATE: Attack = {
  name: 'sealed state moved to another device',
  group: 'environment',
  attacker: 'file',
  reference: 'Alder et al., Migrating SGX Enclaves with Persistent State (DSN 2018)',
  aim: "Use a stolen purse without its owner's device.",
  run: async (arena) => {
    const payer = await arena.purse({ amount: MONEY });
    const before = await payer.hash();
    const [thief, refusal] = await onAnotherDevice(arena, payer);
    const ran = 'moved the storage to another device, and opened it there';
    await rm(payer.device.files, { recursive: true });
    if (thief === null) return finding('prevented', { ran, before, refusal });
    await payInFull(thief, await arena.bystander(), MONEY);
    return finding('succeeded', {
      ran,
      before,
      after: await thief.hash(),
      remark: `${MONEY} spent by the thief`,
    });
  },
};

/** The purse's files on a second device of that kind; the first is closed. */
async function onAnotherDevice(
  arena: Arena,
  purse: Purse,
): Promise<readonly [Purse, null] | readonly [null, string]> {
  await purse.device.close();
  const device = arena.device();
  await arena.copy(purse.device.files, device.files);
  const opened = await device.open();
  if (!opened.ok) return [null, opened.error.code];
  const copy = new Purse(device, purse.participant, opened.value);
  copy.certificate = purse.certificate;
  return [copy, null];
}

/** Tries of a PIN that storage gives back. */
export const PIN_TRIES_RESTORED: Attack = {
  name: 'PIN tries restored by mirroring',
  group: 'state',
  attacker: 'file',
  reference: 'Skorobogatov, The bumpy road towards iPhone 5c NAND mirroring (2016)',
  aim: 'Guess the PIN without end, putting the storage back before the tries run out.',
  run: tryForEver,
};

const TRIES = 5;
const ROUNDS = 3;

async function tryForEver(arena: Arena): Promise<Finding> {
  const pin = (digits: number): Uint8Array => new TextEncoder().encode(`00${10 + digits}`);
  const victim = await arena.purse({ pin: new TextEncoder().encode('7319') });
  const copy = join(arena.folder, 'tries');
  await victim.device.close();
  await arena.copy(victim.device.files, copy);
  await victim.open();
  const before = await victim.hash();
  let tries = 0;
  const ran = 'tried wrong PINs, and put the storage back before the last try';
  for (let round = 0; round < ROUNDS; round++) {
    for (let each = 1; each < TRIES; each++) {
      const outcome = await victim.run({ kind: 21, pin: pin(tries) });
      const code = outcome.ok ? null : outcome.error.code;
      if (code === 'PIN_BLOCKED') {
        const after = await victim.hash();
        return finding('prevented', {
          ran: `${ran}: ${tries} tries in all`,
          before,
          after,
          refusal: code,
        });
      }
      tries += 1;
    }
    await victim.device.close();
    await arena.copy(copy, victim.device.files);
    const refusal = await victim.tryToOpen();
    if (refusal !== null) return finding('prevented', { ran, before, refusal });
  }
  const remark = `${tries} tries, and all ${TRIES} are left: every PIN can be tried`;
  return finding('succeeded', { ran, before, after: await victim.hash(), remark });
}
