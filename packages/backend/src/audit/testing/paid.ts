import type { Handed, ScriptedPurse } from '../../reconciliation/testing/purse.ts';
import { World } from '../../reconciliation/testing/world.ts';
import type { Store } from '../../store/port.ts';
import type { PayeeHalf, PayerHalf, PostingRow } from '../../store/rows.ts';

/** One payment that its payee has accepted, in both logs and both shards. */
export interface Paid {
  readonly world: World;
  readonly alice: ScriptedPurse;
  readonly bob: ScriptedPurse;
  readonly handed: Handed;
  readonly payer: PayerHalf;
  readonly payee: PayeeHalf;
}

/** Alice, who was loaded, pays 300 to Bob, who accepts; both have synced. */
export async function paidHistory(store: Store): Promise<Paid> {
  const world = await new World(store).open();
  const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
  await world.load(alice, 1_000n);
  const handed = alice.pay(bob, 300n);
  bob.accept(handed);
  await world.sync(alice);
  await world.sync(bob);
  const { payer, payee } = await store.reports.payment(handed.id);
  if (payer === null || payee === null) throw new Error('the payment has not arrived');
  return { world, alice, bob, handed, payer, payee };
}

/** What takes the payee's credit back: the second change of its half. */
export function takenBack({ purse, payment, currency, amount }: PayeeHalf): {
  readonly revision: number;
  readonly posting: PostingRow;
} {
  const posting: PostingRow = {
    purse,
    cause: payment,
    kind: 'credit',
    revision: 1,
    participant: 'ALFA',
    counterparty: '',
    currency,
    debit: 'float',
    credit: 'inFlight',
    amount,
  };
  return { revision: 2, posting };
}
