import { join } from 'node:path';
import {
  defineIndex,
  incrementCounter,
  NV_CHAIN,
  NV_COUNTER,
  type OpenTpm,
  openTpm,
  readIndex,
  startEmulator,
  undefineIndex,
} from '@tallystick/tre/tpm';
import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';
import type { Purse } from '../purse.ts';
import { MONEY, payInFull } from './rollback.ts';

/** Where the first purse of a TPM has its counter and its chain. */
const COUNTER = 0x0181_5400;
const CHAIN = 0x0181_5401;

/** Works with the TPM of a device that is closed, as whoever may use it can. */
async function withTpm<T>({ device }: Purse, work: (tpm: OpenTpm) => Promise<T>): Promise<T> {
  const { line, stop } = await startEmulator(join(device.folder, 'tpm'));
  const tpm = await openTpm(line);
  try {
    return await work(tpm);
  } finally {
    await tpm.close();
    await stop();
  }
}

async function count({ commands }: OpenTpm): Promise<number> {
  const value = await readIndex(commands, NV_COUNTER, COUNTER);
  return value.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The TPM's owner makes counter and chain anew, so that an old state might open again. */
export const COUNTER_RESET: Attack = {
  name: 'counter reset',
  group: 'state',
  attacker: 'root',
  reference: 'Sarmenta et al., Virtual Monotonic Counters using a TPM (STC 2006)',
  aim: 'Set the hardware counter back to where an old copy of the storage says that it is.',
  against: ['tee'],
  run: async (arena) => {
    const payer = await arena.purse({ amount: MONEY });
    const copy = join(arena.folder, 'snapshot');
    await payer.device.close();
    await arena.copy(payer.device.files, copy);
    const old = await withTpm(payer, count);
    await payer.open();
    await payInFull(payer, await arena.bystander(), MONEY);
    const before = await payer.hash();
    await payer.device.close();
    const renewed = await withTpm(payer, async (tpm) => {
      for (const index of [COUNTER, CHAIN]) await undefineIndex(tpm.commands, index);
      for (const made of [NV_COUNTER, NV_CHAIN]) await defineIndex(tpm.commands, made);
      await incrementCounter(tpm.commands, COUNTER);
      return count(tpm);
    });
    await arena.copy(copy, payer.device.files);
    const refusal = await payer.tryToOpen();
    return finding(refusal === null ? 'succeeded' : 'prevented', {
      ran: `removed counter and chain, made them anew, and put back the copy of count ${old}: the new counter starts at ${renewed}`,
      before,
      refusal,
      remark:
        'the newest state does not open any more either: the attacker has destroyed its own money',
    });
  },
};

const PAYMENTS = 10;

/** As many commits as possible, until the TPM's memory is worn out. */
export const WEAR_OUT: Attack = {
  name: 'wear-out',
  group: 'state',
  attacker: 'app',
  reference: 'TCG, TPM 2.0 Library, Part 1, 37.7 (NV wear)',
  aim: 'Wear the memory of the hardware counter out.',
  against: ['tee'],
  run: async (arena) => {
    const payer = await arena.purse({ amount: MONEY });
    const payee = await arena.bystander();
    const before = await payer.hash();
    await payer.device.close();
    const from = await withTpm(payer, count);
    await payer.open();
    for (let each = 0; each < PAYMENTS; each++) await payInFull(payer, payee, 1n);
    await payer.device.close();
    const commits = (await withTpm(payer, count)) - from;
    await payer.open();
    return finding('bounded', {
      ran: `made ${PAYMENTS} payments, and read the counter before and after`,
      before,
      after: await payer.hash(),
      remark: `${commits / PAYMENTS} commits a payment, each of which writes two places of the TPM; the policy's count of payments before a sync bounds how fast`,
    });
  },
};
