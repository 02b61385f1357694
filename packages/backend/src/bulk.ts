import type { Bytes, PublicKey, Seconds } from '@tallystick/protocol';
import { ASSURANCE, toHex } from '@tallystick/protocol';
import type { NodeBackend } from './node-backend.ts';
import type { Context } from './reconciliation/index.ts';
import { recordLoads } from './reconciliation/loads.ts';
import { purseExpiry, type Scheme, tierFor } from './scheme/scheme.ts';
import { certificateRow } from './service/enrolment.ts';
import { newPurse } from './store/new-purse.ts';

/**
 * Opens purses and loads them by the thousand, for measurements: the very rows that enrolments and
 * loads leave behind, without devices that ask for them and without accounts that pay.
 */
export interface Bulk {
  /** Certificates of new purses for these keys, in their order; all written in one transaction. */
  openPurses(keys: readonly PublicKey[]): Promise<readonly Bytes[]>;
  /** COSE_Sign1 of a load for each request, by its digest. */
  loadPurses(
    loads: readonly { readonly payee: Bytes; readonly requestDigest: Bytes }[],
    amount: bigint,
  ): Promise<readonly Bytes[]>;
}

const ACCEPT_MINUTES = 60;
/** Far above those that enrolments take. */
const FIRST_STATUS_INDEX = 1_000_000;

export function openBulk(
  { store, backend }: Pick<NodeBackend, 'store' | 'backend'>,
  scheme: Scheme,
  clock: () => Seconds,
): Bulk {
  const { authority } = backend;
  const [party] = authority.participants;
  const image = authority.policy.value.measurements.at(-1);
  const tier = tierFor(scheme, ASSURANCE.software, 'person');
  if (party === undefined || image === undefined || tier === undefined) {
    throw new Error('the scheme has no image, or no tier for a plain process of a person');
  }
  const context: Context = {
    store,
    issuer: authority,
    trust: authority.trust,
    now: clock,
    verifyMany: () => Promise.reject(new Error('nothing is verified here')),
  };
  let nextStatusIndex = FIRST_STATUS_INDEX;
  return {
    openPurses: async (keys) => {
      const firstStatusIndex = nextStatusIndex;
      nextStatusIndex += keys.length;
      const wires = await Promise.all(
        keys.map((key, index) =>
          authority.certify(party.code, {
            key,
            expires: purseExpiry(scheme, 'person', clock()),
            subject: null,
            profile: {
              tier: tier.tier,
              assurance: tier.assurance,
              measurement: image.index,
              statusIndex: firstStatusIndex + index,
            },
          }),
        ),
      );
      const certificates = wires.map((wire) => certificateRow(wire, party.code, null, 1));
      const purses = certificates.map(({ ref }) =>
        newPurse({ id: ref, participant: party.code, account: ref, currency: scheme.currency }),
      );
      const ids = purses.map(({ id }) => id);
      await store.transaction(ids, (tx) => tx.write({ purses, certificates }));
      return wires;
    },
    loadPurses: async (loads, amount) => {
      const orders = loads.map(({ payee, requestDigest }) => ({
        purse: toHex(payee),
        payee: toHex(payee),
        requestDigest,
        amount,
        acceptMinutes: ACCEPT_MINUTES,
      }));
      const outcomes = await recordLoads(orders, context);
      return outcomes.map((outcome) => {
        if (!outcome.ok) throw new Error(outcome.error.message);
        return outcome.value;
      });
    },
  };
}
