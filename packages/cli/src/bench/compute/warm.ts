import { median } from '../median.ts';
import type { Office } from '../office.ts';
import type { Counts } from './counting-host.ts';
import { HostedPurse } from './hosted-purse.ts';
import type { Engine } from './packed.ts';

/** What a side of a payment took, and the signatures it made and verified. */
export interface Side extends Counts {
  readonly ms: number;
}

export interface Sides {
  readonly payer: Side;
  readonly payee: Side;
}

/** The first payments warm the engine up, and verify certificates that are then known. */
const WARM_UP = 5;

/** What a payment takes each side in a tap with a familiar partner, storage aside: medians. */
export async function measureWarm(
  office: Office,
  engine: Engine,
  payments: number,
  elapsedMs: () => number,
): Promise<Sides> {
  const payer = await HostedPurse.open(office, engine, 50_000n);
  const payee = await HostedPurse.open(office, engine, 100n);
  const paying: Side[] = [];
  const receiving: Side[] = [];
  for (let made = 0; made < payments + WARM_UP; made++) {
    const request = await payee.request(1n);
    const payerBefore = { ...payer.counts };
    const payeeBefore = { ...payee.counts };
    const startMs = elapsedMs();
    const payment = await payer.pay(request, payee.certificate);
    const paidMs = elapsedMs();
    await payee.receive(payment, payer.certificate, request);
    const receivedMs = elapsedMs();
    paying.push({ ms: paidMs - startMs, ...since(payerBefore, payer.counts) });
    receiving.push({ ms: receivedMs - paidMs, ...since(payeeBefore, payee.counts) });
  }
  await payer.close();
  await payee.close();
  return { payer: middle(paying.slice(WARM_UP)), payee: middle(receiving.slice(WARM_UP)) };
}

function since(before: Counts, now: Counts): Counts {
  return { made: now.made - before.made, verified: now.verified - before.verified };
}

/** The medians of sides. */
export function middle(sides: readonly Side[]): Side {
  const of = (field: keyof Side): number => median(sides.map((side) => side[field]));
  return { ms: of('ms'), made: of('made'), verified: of('verified') };
}
