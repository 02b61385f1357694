import { ED25519, ML_DSA_44 } from '../../algorithm.ts';
import type { Bytes } from '../../bytes.ts';
import { toHex } from '../../bytes.ts';
import type { Cbor } from '../../cbor.ts';
import type { ErrorCode } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { payment, type Payment } from '../../payment.ts';
import type { Check, Vector, VectorFile } from '../file.ts';
import { alice, bankA, bob, issuerA, type Party, party, terminal } from '../cast.ts';
import {
  filler,
  messageOf,
  paymentFields,
  paymentOf,
  paymentSample,
  requestFields,
  requestSample,
} from '../samples.ts';
import { request } from '../../request.ts';
import { invalid, valid } from '../vector.ts';
import { partsOf, resigned, type Spoilable, spoiledFields } from './payload.ts';

const under = (by: Party): Check => ({ under: 'certificate', certificate: toHex(by.wire) });
const external: Bytes = paymentSample.record.external;

const spoilableRequest: Spoilable = {
  of: 'request',
  clause: 'TS-REQ-1',
  record: requestSample.record,
  signer: bob.signer,
  fields: ['currency', 'amount', 'expires', 'nonce', 'tag', 'isStatic'],
};
const spoilablePayment: Spoilable = {
  of: 'payment',
  clause: 'TS-PAY-1',
  record: paymentSample.record,
  signer: alice.signer,
  fields: ['seq', 'head', 'payee', 'value', 'syncedAt', 'acceptMinutes'],
  codes: { value: 'WRONG_KIND' },
};

function requestWith(name: string, place: number, item: Cbor, code: ErrorCode): Vector {
  const bytes = resigned(spoilableRequest, partsOf(spoilableRequest).with(place, item));
  return invalid(name, 'TS-REQ-1', 'request', bytes, code);
}
function paymentWith(name: string, place: number, item: Cbor, code: ErrorCode): Vector {
  const bytes = resigned(spoilablePayment, partsOf(spoilablePayment).with(place, item));
  return invalid(name, 'TS-PAY-1', 'payment', bytes, code, { external });
}
const valueWith = (name: string, value: Cbor, code: ErrorCode): Vector => ({
  ...paymentWith(name, 4, value, code),
  clause: 'TS-PAY-2',
});

const ed = party('alice', bankA, { alg: ED25519 });
const pq = party('alice', bankA, { alg: ML_DSA_44 });

function paid(name: string, clause: string, change: Partial<Payment>, by: Party = alice): Vector {
  const { wire } = paymentOf(change, by);
  // Nobody verifies ML-DSA-44 here: its form is what the vector is about.
  const check = by === pq ? {} : { check: under(by) };
  return valid(name, clause, 'payment', wire, { external, ...check });
}

export const payments: VectorFile = {
  chapter: '06-requests-and-payments',
  about: 'Requests of Bob, and payments of Alice that answer them.',
  vectors: [
    valid('a request for 12.50', 'TS-REQ-1', 'request', requestSample.wire, { check: under(bob) }),
    valid(
      'a request that leaves the amount open',
      'TS-REQ-1',
      'request',
      messageOf(request, { ...requestFields, amount: null }, bob).wire,
      { check: under(bob) },
    ),
    valid(
      'a static code of an acceptance point',
      'TS-REQ-3',
      'request',
      messageOf(request, { ...requestFields, amount: null, isStatic: true }, terminal).wire,
      { check: under(terminal) },
    ),
    ...spoiledFields(spoilableRequest),
    requestWith('a request for nothing', 2, 0, 'BAD_AMOUNT'),
    requestWith('a request for less than nothing', 2, -1, 'BAD_AMOUNT'),
    requestWith('a request for too much', 2, 2n ** 53n, 'AMOUNT_OVERFLOW'),
    requestWith('a request in currency 0', 1, 0, 'BAD_FIELD'),
    requestWith('a request in currency 1000', 1, 1_000, 'BAD_FIELD'),
    requestWith('a request with a short nonce', 4, filler(7, 1), 'BAD_FIELD'),
    requestWith('a request that is static by a number', 6, 1, 'BAD_FIELD'),
    requestWith('a request that expires after 32 bits', 3, 2 ** 32, 'BAD_FIELD'),

    paid('a payment', 'TS-PAY-1', {}),
    paid('the largest payment', 'TS-PAY-1', {
      seq: LIMITS.position,
      acceptMinutes: 0xffff,
      value: { kind: 1, currency: 999, amount: LIMITS.amountMinorUnits, hop: LIMITS.hopsMax },
    }),
    paid(
      'a load: a payment of the issuer, of hop 0',
      'TS-PAY-12',
      { value: { ...paymentFields.value, hop: 0 } },
      issuerA,
    ),
    paid('a payment signed with Ed25519', 'TS-ALG-1', {}, ed),
    paid('a payment as long as with ML-DSA-44', 'TS-ALG-4', {}, pq),
    ...spoiledFields(spoilablePayment),
    paymentWith('a payment at position 0', 1, 0, 'BAD_FIELD'),
    paymentWith('a payment at a position after 32 bits', 1, 2 ** 32, 'BAD_FIELD'),
    paymentWith('a payment with a short head', 2, filler(31, 1), 'BAD_FIELD'),
    paymentWith('a payment to a short reference', 3, filler(7, 1), 'BAD_FIELD'),
    paymentWith('a payment from before time', 5, -1, 'BAD_FIELD'),
    paymentWith('a payment to be accepted too long', 6, 0x1_0000, 'BAD_FIELD'),
    valueWith('a payment of nothing', [1, 978, 0, 1], 'BAD_AMOUNT'),
    valueWith('a payment of less than nothing', [1, 978, -1_250, 1], 'BAD_AMOUNT'),
    valueWith('a payment of too much', [1, 978, 2n ** 53n, 1], 'AMOUNT_OVERFLOW'),
    valueWith('a payment of 2^64 - 1', [1, 978, 2n ** 64n - 1n, 1], 'AMOUNT_OVERFLOW'),
    valueWith('a payment in currency 0', [1, 0, 1_250, 1], 'BAD_FIELD'),
    valueWith('a payment after too many hops', [1, 978, 1_250, 24], 'BAD_FIELD'),
    valueWith('a value of an unknown kind', [2, 978, 1_250, 1], 'WRONG_KIND'),
    valueWith('a value without kind', [], 'WRONG_KIND'),
    valueWith('a value without its currency', [1], 'MISSING_FIELD'),
    valueWith('a value without its amount', [1, 978], 'MISSING_FIELD'),
    valueWith('a value without its hop', [1, 978, 1_250], 'MISSING_FIELD'),
    valueWith('a value with one field more', [1, 978, 1_250, 1, 0], 'BAD_FIELD'),
    valueWith('a value of nothing, and without its hop', [1, 978, 0], 'MISSING_FIELD'),
    invalid(
      'a request in place of a payment',
      'TS-ENC-5',
      'payment',
      requestSample.wire,
      'WRONG_KIND',
    ),
    invalid(
      'a payment in place of a request',
      'TS-ENC-5',
      'request',
      paymentSample.wire,
      'WRONG_KIND',
      { external },
    ),
    invalid(
      'a payment that answers another request',
      'TS-PAY-5',
      'payment',
      paymentSample.wire,
      'BAD_SIGNATURE',
      { external: filler(32, 42), check: under(alice) },
    ),
    invalid(
      'a payment that answers no request',
      'TS-PAY-5',
      'payment',
      paymentSample.wire,
      'BAD_SIGNATURE',
      { check: under(alice) },
    ),
    invalid(
      'a payment under the certificate of somebody else',
      'TS-CRT-4',
      'payment',
      paymentSample.wire,
      'UNKNOWN_CERTIFICATE',
      { external, check: under(bob) },
    ),
    invalid(
      'a payment signed by somebody else',
      'TS-SIG-3',
      'payment',
      messageOf(payment, paymentFields, { ...alice, signer: bob.signer }, external).wire,
      'BAD_SIGNATURE',
      { external, check: under(alice) },
    ),
    invalid(
      'a payment signed with another algorithm than its key has',
      'TS-ALG-2',
      'payment',
      messageOf(payment, paymentFields, { ...alice, signer: ed.signer }, external).wire,
      'ALGORITHM_MISMATCH',
      { external, check: under(alice) },
    ),
  ],
};
