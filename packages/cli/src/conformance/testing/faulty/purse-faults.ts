import {
  decodeEntry,
  decodePayload,
  decodePaymentEvidence,
  decodeRecord,
  decodeSigned,
  encodeStatusList,
  LIMITS,
  payment as paymentCodec,
  RECORD,
  statusBits,
  type Tier,
} from '@tallystick/protocol';
import type { Purse } from '@tallystick/trusted-app';
import { START } from '@tallystick/trusted-app/testing';
import type { Fault } from './fault.ts';

const MOST = LIMITS.amountMinorUnits;

/** A purse that goes by another policy than the one it was given. */
function tiers(change: Partial<Tier>): (purse: Purse) => Partial<Purse> {
  return ({ policy }) => ({
    policy: { ...policy, tiers: policy.tiers.map((row) => ({ ...row, ...change })) },
  });
}

const NOBODY = encodeStatusList({
  uri: 'nobody',
  issuedAt: START,
  version: 1,
  bits: statusBits([]),
});

/** Wallets whose purse remembers something else than it should. */
export const purseFaults: readonly Fault[] = [
  {
    name: 'forgets-answers',
    says: 'keeps no replay memory: a payment shown again is credited again, and voided after it was accepted',
    caughtBy: ['payee/again', 'payee/void', 'payee/void-after-accept', 'payee/static-code'],
    purse: () => ({ answered: [] }),
  },
  {
    name: 'forgets-accepted',
    says: 'forgets what it accepted once it voids something else',
    caughtBy: ['payee/void-after-accept', 'payee/power-after-receipt'],
    purse: ({ answered }) => ({ answered: answered.filter(({ verdict }) => verdict === 2) }),
  },
  {
    name: 'credits-twice',
    says: 'credits each payment twice',
    caughtBy: ['payee/accept', 'load/load', 'sync/whole-log'],
    purse: ({ balances }, append) => ({ balances: credited(balances, append) }),
  },
  {
    name: 'no-hop-limit',
    says: 'ignores the hop limit, its own and its payers’',
    caughtBy: ['payee/over-hop-limit', 'both/hop-limit'],
    purse: ({ policy }) => ({ policy: { ...policy, hopMax: 23 } }),
  },
  {
    name: 'launders-hops',
    says: 'forgets how far its money has travelled',
    caughtBy: ['both/hops'],
    purse: ({ balances }) => ({ balances: [balances.reduce((sum, each) => sum + each, 0n)] }),
  },
  {
    name: 'no-payer-cap',
    says: 'takes any amount from one payer',
    caughtBy: ['payee/over-payer-cap', 'payee/over-payer-cap-in-all'],
    purse: tiers({ payerCap: MOST }),
  },
  {
    name: 'forgets-payers',
    says: 'judges each payment against its payer’s cap by itself',
    caughtBy: ['payee/over-payer-cap-in-all'],
    purse: () => ({ taken: [] }),
  },
  {
    name: 'no-ceiling',
    says: 'holds any amount',
    caughtBy: ['payee/over-ceiling'],
    purse: tiers({ balanceMax: MOST }),
  },
  {
    name: 'ignores-own-limits',
    says: 'pays more, more often and in all more than its tier allows',
    caughtBy: ['payer/over-payment-limit', 'payer/over-total-limit', 'payer/over-count-limit'],
    purse: tiers({ paymentMax: MOST, totalMax: MOST, countMax: 256 }),
  },
  {
    name: 'ignores-revocations',
    says: 'takes status lists and does not look into them',
    caughtBy: ['payee/revoked-payer', 'payer/revoked-payee', 'contact/told-list'],
    purse: () => ({ list: NOBODY }),
  },
  {
    name: 'forgets-proofs',
    says: 'checks fork proofs and goes on trading with the culprit',
    caughtBy: ['contact/proof-of-position', 'contact/proof-of-log', 'contact/proof-of-answers'],
    purse: () => ({ bans: [] }),
  },
  {
    name: 'frozen-floor',
    says: 'never learns what time it is: nothing expires',
    caughtBy: [
      'payee/past-accept-by',
      'payee/expired-certificate',
      'payee/stale-payer',
      'payer/offer-expired',
      'payer/expired-payee',
      'sync/adoption',
    ],
    purse: () => ({ floor: START }),
  },
  {
    name: 'reopens-closed',
    says: 'forgets what it called closed when the time is set back',
    caughtBy: ['scheme/time-reset'],
    purse: () => ({ closedBefore: 0 }),
  },
  {
    name: 'waits-too-long',
    says: 'takes payments that may be accepted for longer than the policy allows',
    caughtBy: ['payee/accept-by-too-far'],
    purse: ({ policy }) => ({ policy: { ...policy, acceptMinutes: 65_535 } }),
  },
  {
    name: 'goes-back',
    says: 'takes older policies and status lists',
    caughtBy: ['scheme/older-policy', 'scheme/older-list', 'scheme/revoked-and-back'],
    purse: ({ policy }) => ({ listVersion: 0, policy: { ...policy, version: 0 } }),
  },
  {
    name: 'forgets-doubts',
    says: 'holds every payment that left for accepted',
    caughtBy: ['payer/receipt', 'payer/in-doubt', 'payer/void'],
    purse: ({ open }) => ({ open: open.map((each) => ({ ...each, state: 1 })) }),
  },
  {
    name: 'no-step-up',
    says: 'asks for no PIN, whatever the amount',
    caughtBy: ['payer/pin-required'],
    purse: tiers({ stepUpAbove: MOST }),
  },
  {
    name: 'endless-tries',
    says: 'lets anybody try PINs for ever',
    caughtBy: ['payer/pin-blocked'],
    purse: ({ pin }) => ({ pin: pin === null ? null : { ...pin, triesLeft: 5 } }),
  },
];

/** The balances with the amounts of the receipts among the new entries added once more. */
function credited(
  balances: readonly bigint[],
  append: Parameters<NonNullable<Fault['purse']>>[1],
): bigint[] {
  const [first = 0n, ...rest] = balances;
  const more = append.map(decodeEntry).reduce((sum, { record, evidence }) => {
    if (decodeRecord(record.payload).kind !== RECORD.receipt || evidence === null) return sum;
    const { payload } = decodeSigned(decodePaymentEvidence(evidence).payment);
    return sum + decodePayload(payload, paymentCodec, 'payment').value.amount;
  }, 0n);
  return [first + more, ...rest];
}
