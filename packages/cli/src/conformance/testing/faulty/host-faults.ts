import { decodeCbor, ES256, LIMITS } from '@tallystick/protocol';
import type { Host } from '@tallystick/tre';
import type { Effect, EffectAnswer } from '@tallystick/trusted-app';
import type { Fault } from './fault.ts';

/** A host that answers some effects in its own way; undefined leaves them to the one behind it. */
function meddling(
  answer: (effect: Effect, host: Host) => Promise<EffectAnswer | undefined>,
): (host: Host) => Host {
  return (host) => ({
    load: () => host.load(),
    truncateLog: (end) => host.truncateLog(end),
    carryOut: async (effect) => (await answer(effect, host)) ?? host.carryOut(effect),
    close: () => host.close(),
  });
}

/** Whether what is to be verified is a certificate: its claims are a map, and nothing else's are. */
function isCertificate(toBeSigned: Uint8Array): boolean {
  const [, , , payload] = decodeCbor(toBeSigned, LIMITS.frameBytes) as Uint8Array[];
  return decodeCbor(payload ?? new Uint8Array(0), LIMITS.frameBytes) instanceof Map;
}

/** Order of P-256 (SEC 2). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function highS(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`);
  const high = (ORDER - s).toString(16).padStart(64, '0');
  return Uint8Array.from([...signature.subarray(0, 32), ...Buffer.from(high, 'hex')]);
}

/** Wallets whose environment does not do what it is asked. */
export const hostFaults: readonly Fault[] = [
  {
    name: 'verifies-nothing',
    says: 'holds every signature for good',
    caughtBy: [
      'payee/bad-signature',
      'payee/altered-amount',
      'payee/forged-certificate',
      'payer/forged-void',
      'sync/forged-answer',
      'scheme/forged-policy',
    ],
    host: meddling(async (effect) => (effect.kind === 'verify' ? true : undefined)),
  },
  {
    name: 'trusts-any-certificate',
    says: 'does not verify certificates, only what is signed under them',
    caughtBy: ['payee/forged-certificate'],
    host: meddling(async (effect) =>
      effect.kind === 'verify' && isCertificate(effect.check.message) ? true : undefined,
    ),
  },
  {
    name: 'signs-high-s',
    says: 'lets signatures out as they come from the hardware',
    caughtBy: ['enrolment/self-signed', 'payee/offer'],
    host: meddling(async (effect, host) => {
      if (effect.kind !== 'sign' || effect.alg !== ES256) return undefined;
      const signature = await host.carryOut(effect);
      return signature instanceof Uint8Array ? highS(signature) : signature;
    }),
  },
  {
    name: 'commits-late',
    says: 'says that it has committed, and does so with the next commit',
    caughtBy: [
      'payee/power-after-receipt',
      'payee/power-after-void',
      'payer/power-after-payment',
      'load/power-after-load',
    ],
    host: commitsLate,
  },
];

function commitsLate(host: Host): Host {
  let waiting: Effect | null = null;
  return meddling(async (effect) => {
    if (effect.kind !== 'commit') return undefined;
    const before = waiting;
    waiting = effect;
    // The very first makes the key, without which there is nothing to come back to.
    if (before === null) return undefined;
    await host.carryOut(before);
    return true;
  })(host);
}
