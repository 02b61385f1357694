import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';
import type { Purse } from '../purse.ts';

const PRICE = 40n;
const MONEY = 100n;

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
  run: async (arena) => {
    const payer = await arena.purse({ amount: MONEY });
    const copy = join(arena.folder, 'snapshot');
    await payer.device.close();
    await arena.copy(payer.device.files, copy);
    await payer.open();
    return spendAgain(arena, payer, () => arena.copy(copy, payer.device.files), {
      ran: 'copied the storage, paid, put the copy back, and paid another payee with the same money',
    });
  },
};

/** Pays, does something to the storage, and pays somebody else. */
export async function spendAgain(
  arena: Arena,
  payer: Purse,
  tamper: () => Promise<void>,
  { ran }: { readonly ran: string },
): Promise<ReturnType<typeof finding>> {
  const [first, second] = [await arena.bystander(), await arena.bystander()];
  await payInFull(payer, first, PRICE);
  const before = await payer.hash();
  await payer.device.close();
  await tamper();
  const refusal = await payer.tryToOpen();
  if (refusal !== null) return finding('prevented', { ran, before, refusal });
  const after = await payer.hash();
  if (after === before) return finding('prevented', { ran, before, after });
  await payInFull(payer, second, PRICE);
  const spent = (await first.status()).balance + (await second.status()).balance;
  const left = (await payer.status()).balance;
  const isTwice = spent + left > MONEY;
  return finding(isTwice ? 'succeeded' : 'prevented', {
    ran,
    before,
    after: isTwice ? after : before,
    remark: isTwice
      ? `${spent + left - MONEY} of ${MONEY} spent twice; both payments are at one position of its log, which proves it once both payees have synced`
      : null,
  });
}
