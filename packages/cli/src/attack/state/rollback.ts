import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Attack, Finding } from '../attack.ts';
import { finding } from '../attempt.ts';
import type { Purse } from '../purse.ts';

/** What the attacker has, and pays each time, in minor units. */
export const MONEY = 100n;
const PRICE = 40n;
const LATER = 'both payments are at one position of its log: a proof, once both payees have synced';

/** Pays somebody in full: request, payment, receipt. */
export async function payInFull(payer: Purse, payee: Purse, amount: bigint): Promise<void> {
  const request = await payee.request(amount);
  const { message } = await payer.pay(request, payee);
  await payee.receive(message, request, payer);
}

/** Files of a device's own storage, put back to before a payment. */
export const SNAPSHOT_ROLLBACK: Attack = {
  name: 'snapshot rollback',
  group: 'state',
  attacker: 'file',
  reference: 'Parno et al., Memoir (IEEE S&P 2011)',
  aim: 'Spend the same money twice by putting an old copy of the storage back.',
  run: (arena) =>
    rollBack(
      arena,
      (payer) => payer.device.files,
      'copied the storage, paid, and put the copy back',
    ),
};

/** The chip's memory with the storage: what a chip is for is to make that hard. */
export const MIRRORING: Attack = {
  name: 'NAND-style mirroring',
  group: 'state',
  attacker: 'root',
  reference: 'Skorobogatov, The bumpy road towards iPhone 5c NAND mirroring (2016)',
  aim: 'Put back everything, what is inside the chip included.',
  run: async (arena) => {
    const found = await rollBack(
      arena,
      (payer) => payer.device.folder,
      'copied the storage with the memory of the chip, paid, and put all of it back',
    );
    if (found.outcome !== 'succeeded') return found;
    const remark = `${found.evidence.remark}. Here a chip is emulated, and its memory is files; a real one keeps that inside`;
    return { ...found, evidence: { ...found.evidence, remark } };
  },
};

/** The newest of some files beside the oldest of others. */
export const MIX_AND_MATCH: Attack = {
  name: 'storage swap',
  group: 'state',
  attacker: 'file',
  reference: 'Strackx and Piessens, Ariadne (USENIX Security 2016)',
  aim: 'Put an old state beside the newest log, so that the log hides how old it is.',
  against: ['plain', 'keys-only', 'tee', 'virtual-se'],
  run: async (arena) => {
    const payer = await arena.purse({ amount: MONEY });
    const old = join(arena.folder, 'old-state');
    await payer.device.close();
    await arena.copy(join(payer.device.files, 'state'), old);
    await payer.open();
    return spendAgain(
      arena,
      payer,
      () => arena.copy(old, join(payer.device.files, 'state')),
      'paid, and put the state of before beside the log of after',
    );
  },
};

async function rollBack(
  arena: Arena,
  what: (payer: Purse) => string,
  ran: string,
): Promise<Finding> {
  const payer = await arena.purse({ amount: MONEY });
  const copy = join(arena.folder, 'snapshot');
  await payer.device.close();
  await arena.copy(what(payer), copy);
  await payer.open();
  return spendAgain(arena, payer, () => arena.copy(copy, what(payer)), ran);
}

/** Pays, does something to the storage, and pays somebody else. */
async function spendAgain(
  arena: Arena,
  payer: Purse,
  tamper: () => Promise<void>,
  did: string,
): Promise<Finding> {
  const ran = `${did}; then tried to pay another payee with the same money`;
  const [first, second] = [await arena.bystander(), await arena.bystander()];
  await payInFull(payer, first, PRICE);
  const before = await payer.hash();
  await payer.device.close();
  await tamper();
  const refusal = await payer.tryToOpen();
  if (refusal !== null) return finding('prevented', { ran, before, refusal });
  const after = await payer.hash();
  const outcome = await payer.run(payer.paying(await second.request(PRICE), second));
  if (!outcome.ok) return finding('prevented', { ran, before, after, refusal: outcome.error.code });
  const held = (await first.status()).balance + PRICE + (await payer.status()).balance;
  const remark = held > MONEY ? `${held - MONEY} of ${MONEY} spent twice; ${LATER}` : null;
  return finding(remark === null ? 'prevented' : 'succeeded', { ran, before, after, remark });
}
