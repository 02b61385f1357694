import { payeeState, payerState } from '../halves.ts';
import type { Handed } from './purse.ts';
import type { World } from './world.ts';

/** Where a payment stands in its payer's and its payee's shard; null where a shard lacks it. */
export async function states(
  world: World,
  handed: Handed,
): Promise<[string | null, string | null]> {
  const { payer, payee } = await world.store.reports.payment(handed.id);
  return [payer && payerState(payer), payee && payeeState(payee)];
}
