import {
  type Bytes,
  decodePurseCertificate,
  encodeStatusList,
  type ErrorCode,
  GENESIS,
  LIMITS,
  type Payment,
  payment as paymentCodec,
  type Policy,
  PRECEDENCE,
  type Request,
  request as requestCodec,
  requestDigest,
  statusBits,
  type Tier,
} from '@tallystick/protocol';
import { describe, expect, it } from 'vitest';
import type { Command } from './command.ts';
import type { Purse } from './purse.ts';
import {
  askCommand,
  payCommand,
  personalised,
  START,
  TEST_POLICY,
  type TestPurse,
  testScheme,
} from './testing/index.ts';

/**
 * Every pair of broken rules, for the two commands that know most of them: the code that stands first
 * in the table is the one reported (TS-ERR-1).
 */

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
const ada = personalised(scheme, alpha, 'ada', { statusIndex: 4_000 });
const bo = personalised(scheme, beta, 'bo', { statusIndex: 5_000 });
const cy = personalised(scheme, beta, 'cy');
const base = { ada: ada.backup(), bo: bo.backup() };
const { expires } = decodePurseCertificate(ada.certificate);

/** One command in the making, and the purse it meets. */
interface Draft {
  purse: Partial<Purse>;
  policy: Partial<Policy>;
  tier: Partial<Tier>;
  payment: Partial<Payment>;
  request: Partial<Request>;
  certificate: Bytes;
  /** What the payer chooses. */
  amount: bigint | null;
  spoilSignature: boolean;
  storageFails: boolean;
}

interface Break {
  readonly code: ErrorCode;
  readonly apply: (draft: Draft) => void;
  /** Breaks that cannot go together with this one. */
  readonly not?: readonly ErrorCode[];
}

function draft(certificate: Bytes): Draft {
  const nothing = { purse: {}, policy: {}, tier: {}, payment: {}, request: {} };
  return { ...nothing, certificate, amount: null, spoilSignature: false, storageFails: false };
}

function prepare(device: TestPurse, of: Draft): void {
  const tiers = TEST_POLICY.tiers.map((row) => ({ ...row, ...of.tier }));
  device.edit({ policy: { ...TEST_POLICY, tiers, ...of.policy }, ...of.purse });
  device.storageFails = of.storageFails;
}

function spoilt(message: Bytes, spoil: boolean): Bytes {
  const out = message.slice();
  if (spoil) out[out.length - 33] = (out.at(-33) ?? 0) ^ 1;
  return out;
}

function pairs(breaks: readonly Break[]): [string, string, Break, Break][] {
  return breaks.flatMap((first, index) =>
    breaks
      .slice(index + 1)
      .filter(({ code }) => first.not?.includes(code) !== true)
      .map((second): [string, string, Break, Break] => [first.code, second.code, first, second]),
  );
}

function isInOrder(breaks: readonly Break[]): boolean {
  const ranks = breaks.map(({ code }) => PRECEDENCE.indexOf(code));
  return ranks.every((rank, index) => index === 0 || rank > (ranks[index - 1] ?? 0));
}

const revoking = (index: number): Bytes =>
  encodeStatusList({ uri: 'x', issuedAt: START, version: 1, bits: statusBits([index]) });
const nobody = new Uint8Array(8);
const fullLog: Partial<Purse> = { seq: 9_000, ackedTo: 9_000 - LIMITS.logEntries };

describe('receive', () => {
  const breaks: readonly Break[] = [
    { code: 'LOCKED', apply: (to) => (to.purse = { ...to.purse, lock: 1 }) },
    { code: 'BAD_AMOUNT', apply: (to) => valued(to, { amount: 0n }), not: ['WRONG_AMOUNT'] },
    { code: 'UNKNOWN_CERTIFICATE', apply: (to) => (to.certificate = cy.certificate) },
    {
      code: 'WRONG_ROLE',
      apply: (to) => (to.policy = { ...to.policy, tiers: [] }),
      not: ['ACCEPT_BY_TOO_FAR', 'OVER_BALANCE_CEILING', 'OVER_PAYER_CAP'],
    },
    { code: 'BAD_SIGNATURE', apply: (to) => (to.spoilSignature = true) },
    { code: 'CERTIFICATE_EXPIRED', apply: (to) => (to.purse = { ...to.purse, floor: expires }) },
    { code: 'REVOKED', apply: (to) => (to.purse = { ...to.purse, list: revoking(4_000) }) },
    {
      code: 'MEASUREMENT_REFUSED',
      apply: (to) => (to.policy = { ...to.policy, measurements: [] }),
    },
    { code: 'WRONG_PAYEE', apply: (to) => (to.payment = { ...to.payment, payee: nobody }) },
    { code: 'FOREIGN_REQUEST', apply: (to) => (to.request = { ...to.request, nonce: nobody }) },
    { code: 'WRONG_CURRENCY', apply: (to) => valued(to, { currency: 840 }) },
    {
      code: 'WRONG_AMOUNT',
      // A request for another amount is another request, with a tag of its own.
      apply: (to) => (to.request = { ...to.request, amount: 77n }),
      not: ['FOREIGN_REQUEST'],
    },
    {
      code: 'PAST_ACCEPT_BY',
      apply: (to) => (to.purse = { ...to.purse, closedBefore: 0xffff_ffff }),
    },
    {
      code: 'ACCEPT_BY_TOO_FAR',
      apply: (to) => (to.payment = { ...to.payment, acceptMinutes: 0xffff }),
    },
    {
      code: 'PAYER_STALE',
      apply: (to) => {
        to.policy = { ...to.policy, staleSeconds: 0 };
        to.payment = { ...to.payment, syncedAt: START - 1 };
      },
      not: ['TIME_SKEW'],
    },
    {
      code: 'TIME_SKEW',
      apply: (to) => (to.payment = { ...to.payment, syncedAt: START + 2_592_001 }),
    },
    { code: 'OVER_HOP_LIMIT', apply: (to) => valued(to, { hop: 6 }) },
    { code: 'OVER_BALANCE_CEILING', apply: (to) => (to.tier = { ...to.tier, balanceMax: 0n }) },
    { code: 'OVER_PAYER_CAP', apply: (to) => (to.tier = { ...to.tier, payerCap: 0n }) },
    { code: 'NEEDS_SYNC', apply: (to) => (to.purse = { ...to.purse, ...fullLog }) },
    { code: 'STORAGE_FAILED', apply: (to) => (to.storageFails = true) },
  ];

  function valued(to: Draft, change: Partial<Payment['value']>): void {
    const value = to.payment.value ?? { kind: 1, currency: 978, amount: 5n, hop: 1 };
    to.payment = { ...to.payment, value: { ...value, ...change } };
  }

  function run(applied: readonly Break[]): string {
    const to = draft(ada.certificate);
    for (const { apply } of applied) apply(to);
    bo.rollback(base.bo);
    const asked = bo.get(askCommand(to.request.amount ?? null), 1).message;
    const foreign = to.request.nonce === undefined ? null : to.request;
    const request = foreign === null ? asked : forgedRequest(bo, foreign);
    const payment: Payment = {
      seq: 2,
      head: GENESIS,
      payee: decodePurseCertificate(bo.certificate).ref,
      value: { kind: 1, currency: 978, amount: 5n, hop: 1 },
      syncedAt: START,
      acceptMinutes: 60,
      ...to.payment,
    };
    const encoded = forcedAmount(payment);
    const bytes = ada.forge(ada.certificate, encoded, requestDigest(request));
    prepare(bo, to);
    const { certificate } = to;
    const order = { payment: spoilt(bytes, to.spoilSignature), certificate, request };
    const command: Command = { kind: 6, ...order, wantReceipt: true };
    const code = bo.code(command);
    bo.storageFails = false;
    return code;
  }

  it('knows its breaks in the order of the table, and each alone', () => {
    expect(isInOrder(breaks)).toBe(true);
    expect(run([])).toBe('OK');
    for (const each of breaks) expect(run([each])).toBe(each.code);
  });

  it.each(pairs(breaks))('%s before %s', (code, _, first, second) => {
    expect(run([first, second])).toBe(code);
  });
});

describe('pay', () => {
  const breaks: readonly Break[] = [
    { code: 'LOCKED', apply: (to) => (to.purse = { ...to.purse, lock: 1 }) },
    {
      code: 'BAD_AMOUNT',
      apply: (to) => (to.request = { ...to.request, amount: null }),
      not: ['WRONG_AMOUNT'],
    },
    {
      code: 'UNKNOWN_CERTIFICATE',
      apply: (to) => (to.certificate = cy.certificate),
    },
    {
      code: 'WRONG_ROLE',
      apply: (to) => (to.policy = { ...to.policy, tiers: [] }),
      not: [
        'RECEIVE_ONLY',
        'OFFLINE_TOO_LONG',
        'OVER_PAYMENT_LIMIT',
        'OVER_TOTAL_LIMIT',
        'OVER_COUNT_LIMIT',
        'PIN_REQUIRED',
      ],
    },
    { code: 'BAD_SIGNATURE', apply: (to) => (to.spoilSignature = true) },
    { code: 'CERTIFICATE_EXPIRED', apply: (to) => (to.purse = { ...to.purse, floor: expires }) },
    { code: 'REVOKED', apply: (to) => (to.purse = { ...to.purse, list: revoking(5_000) }) },
    {
      code: 'WRONG_CURRENCY',
      apply: (to) => (to.request = { ...to.request, currency: 840 }),
    },
    { code: 'WRONG_AMOUNT', apply: (to) => (to.amount = 6n) },
    {
      code: 'REQUEST_EXPIRED',
      apply: (to) => (to.request = { ...to.request, expires: START - 1 }),
    },
    {
      code: 'PAYMENT_IN_DOUBT',
      apply: (to) => (to.purse = { ...to.purse, open: [inDoubt()] }),
      not: ['NEEDS_SYNC'],
    },
    { code: 'RECEIVE_ONLY', apply: (to) => (to.tier = { ...to.tier, paymentMax: 0n }) },
    { code: 'OFFLINE_TOO_LONG', apply: (to) => (to.purse = { ...to.purse, syncedAt: 1 }) },
    {
      code: 'OVER_PAYMENT_LIMIT',
      apply: (to) => (to.tier = { ...to.tier, paymentMax: to.tier.paymentMax ?? 4n }),
    },
    { code: 'OVER_TOTAL_LIMIT', apply: (to) => (to.tier = { ...to.tier, totalMax: 4n }) },
    { code: 'OVER_COUNT_LIMIT', apply: (to) => (to.tier = { ...to.tier, countMax: 0 }) },
    {
      code: 'INSUFFICIENT_FUNDS',
      apply: (to) => (to.purse = { ...to.purse, balances: [1n] }),
      not: ['OVER_HOP_LIMIT'],
    },
    {
      code: 'OVER_HOP_LIMIT',
      apply: (to) => (to.purse = { ...to.purse, balances: [0n, 0n, 0n, 0n, 0n, 9n] }),
    },
    { code: 'NEEDS_SYNC', apply: (to) => (to.purse = { ...to.purse, ...fullLog }) },
    { code: 'PIN_REQUIRED', apply: (to) => (to.tier = { ...to.tier, stepUpAbove: 0n }) },
    { code: 'STORAGE_FAILED', apply: (to) => (to.storageFails = true) },
  ];

  function inDoubt(): Purse['open'][number] {
    const payee = decodePurseCertificate(bo.certificate).ref;
    const common = { seq: 1, id: new Uint8Array(32), parts: [], acceptBy: START };
    return { ...common, payee, state: 0, counts: true };
  }

  function run(applied: readonly Break[]): string {
    const to = draft(bo.certificate);
    for (const { apply } of applied) apply(to);
    ada.rollback(base.ada);
    const request = forgedRequest(bo, { amount: 5n, ...to.request });
    prepare(ada, { ...to, purse: { balances: [1_000n], ...to.purse } });
    const bytes = spoilt(request, to.spoilSignature);
    const code = ada.code(payCommand(bytes, to.certificate, { amount: to.amount }));
    ada.storageFails = false;
    return code;
  }

  it('knows its breaks in the order of the table, and each alone', () => {
    expect(isInOrder(breaks)).toBe(true);
    expect(run([])).toBe('OK');
    for (const each of breaks) expect(run([each])).toBe(each.code);
  });

  it.each(pairs(breaks))('%s before %s', (code, _, first, second) => {
    expect(run([first, second])).toBe(code);
  });
});

function forgedRequest(by: TestPurse, change: Partial<Request>): Bytes {
  const request: Request = {
    currency: 978,
    amount: null,
    expires: START + 600,
    nonce: nobody,
    tag: nobody,
    isStatic: false,
    ...change,
  };
  return by.forge(by.certificate, requestCodec.encode(request));
}

/** A payment's fields, with an amount that the encoder itself would refuse to write. */
function forcedAmount(payment: Payment): ReturnType<typeof paymentCodec.encode> {
  const { amount } = payment.value;
  if (amount > 0n) return paymentCodec.encode(payment);
  const item = paymentCodec.encode({ ...payment, value: { ...payment.value, amount: 1n } });
  const fields = [...(item as readonly (readonly number[])[])];
  const value = fields.findIndex((field) => Array.isArray(field));
  return fields.map((field, index) => (index === value ? [1, 978, 0, payment.value.hop] : field));
}
