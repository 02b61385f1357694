import { simulate, type SimulationOptions } from '@tallystick/simulator';
import { softwareSign, softwareVerify } from '@tallystick/protocol/software';
import { nativeVerifier } from '@tallystick/tre/plain-process';
import { createNativeSigner } from '@tallystick/simulator/native-sign';
import type { Group } from '../group.ts';
import type { Lab } from '../lab.ts';
import { row } from '../row.ts';
import { measureSignatures } from '../signatures.ts';
import { StandIn } from './stand-in.ts';

const SEED = 'bench';
/** Keys that stay imported: those of every device, and room for renewals. */
const KEYS_MAX = 4_096;

type Crypto = Pick<SimulationOptions, 'sign' | 'verify'>;

/**
 * Payments that one core simulates in a second, in the world that `simulate` runs by default. The same
 * world three times: signatures in plain JavaScript, native, and hashes in their place. Each is held
 * against what plain JavaScript would do with nothing but the signatures that a payment takes there,
 * those of loads and syncs shared out among the payments.
 */
export const SIMULATE: Group = {
  name: 'simulate',
  rows: ['js', 'native', 'counted', 'signatures', 'verifications'],
  measure: async (lab) => {
    const standIn = new StandIn();
    const counted = await paymentsPerSecond(lab, 'hashes for signatures', standIn);
    const native = await paymentsPerSecond(lab, 'native signatures', {
      verify: nativeVerifier(KEYS_MAX),
      sign: createNativeSigner(),
    });
    const js = await paymentsPerSecond(lab, 'signatures in plain JavaScript', {
      verify: softwareVerify,
      sign: softwareSign,
    });
    const made = standIn.made / counted.payments;
    const verified = standIn.verified / counted.payments;
    const cost = measureSignatures('js', lab.scale.jsPayments, lab.elapsedMs);
    const limit = 1_000 / (made * cost.makeMs + verified * cost.verifyMs);
    return [
      row('simulate/js', js.perSecond, 'payments/s', limit),
      row('simulate/native', native.perSecond, 'payments/s', limit),
      row('simulate/counted', counted.perSecond, 'payments/s', limit),
      row('simulate/signatures', made, 'signatures/payment', null),
      row('simulate/verifications', verified, 'signatures/payment', null),
    ];
  },
};

async function paymentsPerSecond(
  { scale, elapsedMs, begin }: Lab,
  what: string,
  crypto: Crypto,
): Promise<{ readonly payments: number; readonly perSecond: number }> {
  const say = (step: number): void =>
    begin(`simulating with ${what}, step ${step} of ${scale.simulatedSteps}`);
  say(0);
  const startMs = elapsedMs();
  const { payments, violations } = await simulate({
    seed: SEED,
    steps: scale.simulatedSteps,
    verify: crypto.verify,
    ...(crypto.sign === undefined ? {} : { sign: crypto.sign }),
    onProgress: say,
  });
  const seconds = (elapsedMs() - startMs) / 1_000;
  const [first] = violations;
  if (first !== undefined) throw new Error(`${first.invariant}: ${first.detail}`);
  return { payments: payments.made, perSecond: payments.made / seconds };
}
