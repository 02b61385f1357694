import {
  type Backend,
  createBackend,
  createMemoryKeys,
  createMemoryStore,
  createSandboxRail,
  type Store,
} from '@tallystick/backend/core';
import {
  type Bytes,
  decodeBody,
  decodePayload,
  decodeSigned,
  loadReply,
  payment,
  recordId,
  requestDigest,
  type SignatureCheck,
} from '@tallystick/protocol';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';
import { WORLD_SCHEME } from './scheme.ts';
import type { Truth } from './truth.ts';

/** What every account holds before the first load, in minor units. */
export const OPENING_BALANCE = 1_000_000n;

/** The real backend of the world: its service and reconciliation on a store in memory. */
export interface Office {
  readonly backend: Backend;
  readonly store: Store;
  /** Errors of message delivery: there must be none. */
  readonly failures: unknown[];
}

export async function openOffice(
  schedule: Schedule,
  random: Random,
  verify: (check: SignatureCheck) => boolean,
  truth: Truth,
): Promise<Office> {
  const store = createMemoryStore();
  const rail = createSandboxRail(store);
  const failures: unknown[] = [];
  const keyRandom = random.fork('keys');
  const backend = await createBackend({
    scheme: WORLD_SCHEME,
    store,
    keys: createMemoryKeys((length) => keyRandom.bytes(length)),
    rail,
    verifyMany: (checks) => Promise.resolve(checks.map(verify)),
    clock: () => schedule.nowSeconds,
    random: (length) => random.bytes(length),
    onFailure: (error) => failures.push(error),
  });
  for (const { issuing } of backend.authority.participants)
    truth.addIssuer(issuing.certificate.ref);
  return { backend: { ...backend, load: witnessed(backend, truth) }, store, failures };
}

/** Tells the truth of every load the issuer signs, whether or not its reply arrives. */
function witnessed(backend: Backend, truth: Truth): Backend['load'] {
  return async (request: Bytes) => {
    const outcome = await backend.load(request);
    if (!outcome.ok) return outcome;
    const signed = decodeSigned(
      decodeBody(loadReply, outcome.value).payment,
      requestDigest(request),
    );
    const { payee, value } = decodePayload(signed.payload, payment, 'payment');
    truth.loadIssued(recordId(signed), payee, value.amount);
    return outcome;
  };
}

/** Opens a holder's account, or a merchant's acceptance point that shows its name. */
export async function openAccount(
  office: Office,
  participant: string,
  account: string,
  acceptancePoint: string | null,
): Promise<void> {
  const opened = await office.backend.rail.open({
    participant,
    account,
    currency: WORLD_SCHEME.currency,
    balance: OPENING_BALANCE,
    acceptancePoint,
  });
  if (!opened.ok) throw new Error(opened.error.message);
}
