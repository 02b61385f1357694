import {
  type Bytes,
  type Cbor,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  ED25519,
  ES256,
  encodeSigned,
  GENESIS,
  type Payment,
  payment as paymentCodec,
  requestDigest,
} from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from './command.ts';
import {
  answerCommand,
  ask,
  balance,
  DAY,
  enrolledKey,
  load,
  loadCommand,
  payCommand,
  personalised,
  receiveCommand,
  START,
  sync,
  tap,
  type TestPurse,
  testScheme,
  transfer,
  voidCommand,
} from './testing/index.ts';

/**
 * Input that is well formed but not right, as it may reach a purse: each with its own stable code,
 * the state and the log unchanged to the byte, and the purse at work afterwards.
 */

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
const OTHER = testScheme('other');
let ada: TestPurse;
let bo: TestPurse;

beforeEach(() => {
  ada = personalised(scheme, alpha, 'ada');
  bo = personalised(scheme, beta, 'bo');
  load(ada, alpha, 1_000n);
});

/** A payment to Bo with fields as a broken purse may sign them, raw where no encoder would write them. */
function forged(change: Partial<Payment> = {}, raw: Readonly<Record<number, Cbor>> = {}): Command {
  const request = ask(bo, null);
  const payment: Payment = {
    seq: 3,
    head: GENESIS,
    payee: decodePurseCertificate(bo.certificate).ref,
    value: { kind: 1, currency: 978, amount: 5n, hop: 1 },
    syncedAt: START,
    acceptMinutes: 60,
    ...change,
  };
  const fields = (paymentCodec.encode(payment) as Cbor[]).map((field, at) => raw[at] ?? field);
  const bytes = ada.forge(ada.certificate, fields, requestDigest(request));
  return { kind: 6, payment: bytes, certificate: ada.certificate, request, wantReceipt: true };
}

/** Place of the value in a payment's fields. */
const VALUE = 4;
const valued = (amount: Cbor): Readonly<Record<number, Cbor>> => ({ [VALUE]: [1, 978, amount, 1] });

type Row = readonly [what: string, code: string, make: () => readonly [TestPurse, Command]];

function newer(device: TestPurse): void {
  device.get({ kind: 13, policy: scheme.signPolicy({ version: 5 }) }, 0);
  const list = scheme.signList({ version: 5 });
  device.get({ kind: 14, list, certificate: scheme.operator.certificate }, 0);
}

function renewal(
  change: Parameters<typeof alpha.certify>[1],
  alg: typeof ES256 | typeof ED25519,
): Bytes {
  const { enrolment } = ada.get({ kind: 17, alg, challenge: new Uint8Array(32) }, 2);
  return alpha.certify(enrolledKey(enrolment), change);
}

const rows: readonly Row[] = [
  [
    'signed by another key',
    'BAD_SIGNATURE',
    () => {
      const command = forged() as Extract<Command, { kind: 6 }>;
      const { kid } = decodeSigned(command.payment);
      const other = forged() as Extract<Command, { kind: 6 }>;
      const payment = encodeSigned({ ...decodeSigned(other.payment), kid });
      return [bo, { ...command, payment }];
    },
  ],
  [
    "under an algorithm that is not the key's",
    'ALGORITHM_MISMATCH',
    () => {
      const command = forged() as Extract<Command, { kind: 6 }>;
      const payment = encodeSigned({ ...decodeSigned(command.payment), alg: ED25519 });
      return [bo, { ...command, payment }];
    },
  ],
  [
    'with the certificate of somebody else',
    'UNKNOWN_CERTIFICATE',
    () => [bo, { ...forged(), certificate: bo.certificate } as Command],
  ],
  [
    'from another scheme',
    'UNKNOWN_ISSUER',
    () => {
      const stranger = personalised(OTHER, OTHER.participants[0], 'stranger');
      load(stranger, OTHER.participants[0], 100n);
      const command = forged() as Extract<Command, { kind: 6 }>;
      const { payload } = decodeSigned(command.payment);
      const fields = decodePayload(payload, paymentCodec, 'payment');
      const external = requestDigest(command.request);
      const payment = stranger.forge(stranger.certificate, paymentCodec.encode(fields), external);
      return [bo, { ...command, payment, certificate: stranger.certificate }];
    },
  ],
  [
    'a load from the issuer of another participant',
    'WRONG_ROLE',
    () => [bo, loadCommand(bo, alpha, 5n)],
  ],
  [
    'under a certificate that expired',
    'CERTIFICATE_EXPIRED',
    () => {
      const short = personalised(scheme, alpha, 'short', { expires: START + 10 });
      load(short, alpha, 10n);
      const tapped = tap(short, bo, 5n);
      bo.edit({ floor: START + 10 });
      return [bo, receiveCommand(tapped)];
    },
  ],
  [
    'under a certificate that was revoked',
    'REVOKED',
    () => {
      const { statusIndex } = decodePurseCertificate(ada.certificate).profile;
      const list = scheme.signList({ version: 2, revoked: [statusIndex] });
      bo.get({ kind: 14, list, certificate: scheme.operator.certificate }, 0);
      return [bo, forged()];
    },
  ],
  [
    'from a measurement that is refused',
    'MEASUREMENT_REFUSED',
    () => {
      const odd = personalised(scheme, alpha, 'odd', { measurement: 2 });
      load(odd, alpha, 10n);
      return [bo, receiveCommand(tap(odd, bo, 5n))];
    },
  ],
  [
    'to another payee',
    'WRONG_PAYEE',
    () => {
      const cy = personalised(scheme, beta, 'cy');
      return [bo, receiveCommand(tap(ada, cy, 5n))];
    },
  ],
  [
    'in another currency',
    'WRONG_CURRENCY',
    () => [bo, forged({ value: { kind: 1, currency: 840, amount: 5n, hop: 1 } })],
  ],
  ['of nothing', 'BAD_AMOUNT', () => [bo, forged({}, valued(0))]],
  ['of less than nothing', 'BAD_AMOUNT', () => [bo, forged({}, valued(-5))]],
  [
    'of less than the least integer of a number',
    'BAD_AMOUNT',
    () => [bo, forged({}, valued(-9_007_199_254_740_993n))],
  ],
  ['of 2^53', 'AMOUNT_OVERFLOW', () => [bo, forged({}, valued(9_007_199_254_740_992n))]],
  ['of 2^64 - 1', 'AMOUNT_OVERFLOW', () => [bo, forged({}, valued(0xffff_ffff_ffff_ffffn))]],
  ['of an amount in words', 'BAD_FIELD', () => [bo, forged({}, valued('5'))]],
  [
    'of a value of an unknown kind',
    'WRONG_KIND',
    () => [bo, forged({}, { [VALUE]: [2, 978, 5, 1] })],
  ],
  ['at position 0', 'BAD_FIELD', () => [bo, forged({}, { 1: 0 })]],
  ['at a position past the last', 'BAD_FIELD', () => [bo, forged({}, { 1: 4_294_967_296 })]],
  [
    'of more hops than can be named',
    'BAD_FIELD',
    () => [bo, forged({}, { [VALUE]: [1, 978, 5, 24] })],
  ],
  [
    'of a payment that was voided',
    'ALREADY_VOIDED',
    () => {
      const tapped = tap(ada, bo, 5n);
      bo.get(voidCommand(tapped), 6);
      return [bo, receiveCommand(tapped)];
    },
  ],
  [
    'a load again, after it was forgotten',
    'PAST_ACCEPT_BY',
    () => {
      const command = loadCommand(bo, beta, 5n);
      bo.get(command, 6);
      sync(bo, beta, { time: START + 2 * DAY });
      return [bo, command];
    },
  ],
  [
    'past its last moment',
    'PAST_ACCEPT_BY',
    () => {
      bo.edit({ floor: START + 3_601 });
      return [bo, forged()];
    },
  ],
  ['acceptable for too long', 'ACCEPT_BY_TOO_FAR', () => [bo, forged({ acceptMinutes: 0xffff })]],
  [
    'from a payer that synced too long ago',
    'PAYER_STALE',
    () => {
      bo.get({ kind: 13, policy: scheme.signPolicy({ version: 2, staleSeconds: 5 }) }, 0);
      return [bo, forged({ syncedAt: START - 6 })];
    },
  ],
  [
    'a policy older than the one in force',
    'STALE',
    () => {
      newer(ada);
      return [ada, { kind: 13, policy: scheme.signPolicy({ version: 4 }) }];
    },
  ],
  [
    'a policy rolled back under a newer date',
    'STALE',
    () => {
      newer(ada);
      const policy = scheme.signPolicy({ version: 1, issuedAt: START + DAY });
      return [ada, { kind: 13, policy }];
    },
  ],
  [
    'a policy of another currency',
    'WRONG_CURRENCY',
    () => [ada, { kind: 13, policy: scheme.signPolicy({ version: 2, currency: 840 }) }],
  ],
  [
    'a policy from far ahead',
    'TIME_SKEW',
    () => [
      ada,
      { kind: 13, policy: scheme.signPolicy({ version: 2, issuedAt: START + 90 * DAY }) },
    ],
  ],
  [
    'a status list rolled back',
    'STALE',
    () => {
      newer(ada);
      const list = scheme.signList({ version: 4 });
      return [ada, { kind: 14, list, certificate: scheme.operator.certificate }];
    },
  ],
  [
    'a certificate of a weaker algorithm than was asked for',
    'ALGORITHM_DOWNGRADE',
    () => {
      const wanted = renewal({}, ES256);
      renewal({}, ED25519);
      return [ada, { kind: 18, certificate: wanted }];
    },
  ],
  [
    'a certificate of an older measurement',
    'MEASUREMENT_DOWNGRADE',
    () => [ada, { kind: 18, certificate: renewal({ measurement: 0 }, ES256) }],
  ],
  [
    'a certificate of another key',
    'WRONG_KEY',
    () => {
      renewal({}, ES256);
      const { key } = decodePurseCertificate(bo.certificate);
      return [ada, { kind: 18, certificate: alpha.certify(key) }];
    },
  ],
  [
    'a certificate that expires earlier',
    'STALE',
    () => [ada, { kind: 18, certificate: renewal({ expires: START + DAY }, ES256) }],
  ],
  [
    'an answer again, after another one',
    'STALE',
    () => {
      const answer = answerCommand(ada, alpha, ada.get({ kind: 11 }, 4));
      ada.get(answer, 0);
      sync(ada, alpha);
      return [ada, answer];
    },
  ],
  [
    'an answer to another statement',
    'WRONG_STATEMENT',
    () => {
      const old = ada.get({ kind: 11 }, 4);
      tap(ada, bo, 1n);
      ada.get({ kind: 11 }, 4);
      return [ada, answerCommand(ada, alpha, old)];
    },
  ],
  [
    'a request that expired',
    'REQUEST_EXPIRED',
    () => {
      ada.clock = START + 601;
      return [ada, payCommand(ask(bo, 5n), bo.certificate)];
    },
  ],
  [
    'a receipt for a payment that is not open',
    'NOT_OPEN',
    () => {
      const tapped = tap(ada, bo, 5n);
      const { message } = bo.get(receiveCommand(tapped), 6);
      const cy = personalised(scheme, alpha, 'cy');
      return [cy, { kind: 8, receipt: message!, certificate: bo.certificate }];
    },
  ],
];

describe('wrong input (INV-VERIFY)', () => {
  it.each(rows)('%s: %s', (_, code, make) => {
    const [device, command] = make();
    const before = device.backup();
    expect(device.code(command)).toBe(code);
    expect(device.backup()).toEqual(before);
    // Nothing is lost: at its time, the purse is paid, pays and states its log.
    device.edit({ floor: START, closedBefore: 0 });
    device.clock = START;
    const had = balance(device);
    const fresh = personalised(scheme, alpha, 'fresh');
    load(fresh, alpha, 20n);
    transfer(fresh, device, 20n);
    transfer(device, fresh, 7n);
    expect([device, fresh].map(balance)).toEqual([had + 13n, 7n]);
    expect(device.get({ kind: 11 }, 4).to).toBe(device.purse.seq);
  });
});
