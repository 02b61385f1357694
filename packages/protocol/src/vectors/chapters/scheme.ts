import { zlibSync } from 'fflate';
import { ED25519, ES256 } from '../../algorithm.ts';
import { type Bytes, toHex } from '../../bytes.ts';
import { type Cbor, decodeCbor, encodeCbor } from '../../cbor.ts';
import { anchorRef } from '../../certificate.ts';
import type { ErrorCode } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { NO_EXTERNAL } from '../../cose.ts';
import { policy } from '../../policy.ts';
import { statusBits } from '../../status-bits.ts';
import { STATUS_LIST_TYPE, unsignedStatusList } from '../../status-list.ts';
import { alice, anchor, bankA, issuerA, operatorKey, type Party, root } from '../cast.ts';
import type { Check, Vector, VectorFile } from '../file.ts';
import { listFields, listSample, policyFields, policySample, timeResetSample } from '../samples.ts';
import { type Signer, sign, signerOf, unsigned } from '../signer.ts';
import { invalid, valid } from '../vector.ts';
import { rootText } from './certificates.ts';
import { deltas } from './deltas.ts';
import { type Spoilable, spoiledFields } from './payload.ts';

const check: Check = { under: 'root', root: rootText };
const rootRef = anchorRef(anchor);

const spoilablePolicy: Spoilable = {
  of: 'policy',
  clause: 'TS-POL-1',
  record: policySample.record,
  signer: root,
  fields: [
    'version',
    'issuedAt',
    'currency',
    'hopMax',
    'acceptMinutes',
    'claimSeconds',
    'staleSeconds',
    'graceSeconds',
    'skewSeconds',
    'emergency',
    'tiers',
    'measurements',
  ],
};
const spoilableReset: Spoilable = {
  of: 'time-reset',
  clause: 'TS-TIM-4',
  record: timeResetSample.record,
  signer: root,
  fields: ['version', 'floor'],
};

const policyParts = policy.encode(policyFields) as readonly Cbor[];
const [tierRow = []] = policyParts[11] as readonly (readonly Cbor[])[];
const [measurementRow = []] = policyParts[12] as readonly (readonly Cbor[])[];

function policyWith(
  name: string,
  place: number,
  item: Cbor,
  code: ErrorCode,
  clause = 'TS-POL-2',
): Vector {
  const bytes = sign(unsigned(ES256, rootRef, policyParts.with(place, item)), root);
  return invalid(name, clause, 'policy', bytes, code);
}
function policyBy(
  name: string,
  kid: Bytes,
  by: Signer,
  code: ErrorCode,
  clause = 'TS-POL-1',
): Vector {
  return invalid(name, clause, 'policy', sign(unsigned(by.key.alg, kid, policyParts), by), code, {
    check,
  });
}

export const policies: VectorFile = {
  chapter: '10-policy-and-registries',
  about: 'Policies and time resets, signed by the root.',
  vectors: [
    valid('a policy', 'TS-POL-1', 'policy', policySample.wire, { check }),
    valid('a time reset', 'TS-TIM-4', 'time-reset', timeResetSample.wire, { check }),
    ...spoiledFields(spoilablePolicy),
    ...spoiledFields(spoilableReset),
    policyWith('a policy without hops', 4, 0, 'BAD_FIELD'),
    policyWith('a policy of 24 hops', 4, 24, 'BAD_FIELD'),
    policyWith('a policy without time to accept', 5, 0, 'BAD_FIELD'),
    policyWith('a policy whose emergency is a number', 10, 1, 'BAD_FIELD', 'TS-POL-6'),
    policyWith(
      '33 tiers',
      11,
      Array.from({ length: 33 }, () => tierRow),
      'BAD_FIELD',
    ),
    policyWith('one tier twice', 11, [tierRow, tierRow], 'BAD_FIELD'),
    policyWith('tier 32', 11, [tierRow.with(0, 32)], 'BAD_FIELD'),
    policyWith('a tier cut short', 11, [tierRow.slice(0, 7)], 'MISSING_FIELD'),
    policyWith('a tier with a negative cap', 11, [tierRow.with(6, -1)], 'BAD_AMOUNT'),
    policyWith(
      'a tier with too high a ceiling',
      11,
      [tierRow.with(2, 2n ** 53n)],
      'AMOUNT_OVERFLOW',
    ),
    policyWith('a tier of more payments than may be open', 11, [tierRow.with(4, 257)], 'BAD_FIELD'),
    policyWith(
      'one measurement twice',
      12,
      [measurementRow, measurementRow],
      'BAD_FIELD',
      'TS-POL-5',
    ),
    policyWith(
      'a measurement of 31 bytes',
      12,
      [measurementRow.with(1, new Uint8Array(31))],
      'BAD_FIELD',
      'TS-POL-5',
    ),
    policyBy('a policy signed by a bank', bankA.certificate.ref, bankA.signer, 'UNKNOWN_ISSUER'),
    policyBy(
      'a policy signed by an issuing key',
      issuerA.certificate.ref,
      issuerA.signer,
      'UNKNOWN_ISSUER',
    ),
    policyBy('a forged policy', rootRef, signerOf('mallory'), 'BAD_SIGNATURE'),
    policyBy(
      'a policy signed with another algorithm than the root has',
      rootRef,
      signerOf('root', ED25519),
      'ALGORITHM_MISMATCH',
      'TS-ALG-2',
    ),
    invalid(
      'a time reset in place of a policy',
      'TS-ENC-5',
      'policy',
      timeResetSample.wire,
      'WRONG_KIND',
    ),
    invalid(
      'a time reset signed by an issuing key',
      'TS-TIM-4',
      'time-reset',
      sign({ ...timeResetSample.record, kid: issuerA.certificate.ref }, issuerA.signer),
      'UNKNOWN_ISSUER',
      { check },
    ),
    invalid(
      'a forged time reset',
      'TS-TIM-4',
      'time-reset',
      sign(timeResetSample.record, issuerA.signer),
      'BAD_SIGNATURE',
      { check },
    ),
  ],
};

const STATUS_LIST = 65533;
const packed = zlibSync(Uint8Array.of(0x09, 0x02), { level: 9 });
const underKey = (by: Party): Check => ({ under: 'certificate', certificate: toHex(by.wire) });

/** A list as the operator signs it, with some claims replaced; null leaves one out. */
function listWith(...changes: readonly (readonly [number, Cbor])[]): Bytes {
  const claims = decodeCbor(listSample.record.payload) as Map<number, Cbor>;
  for (const [label, value] of changes) {
    if (value === null) claims.delete(label);
    else claims.set(label, value);
  }
  return signedList(encodeCbor(claims));
}
function signedList(payload: Bytes, typ = STATUS_LIST_TYPE): Bytes {
  return sign({ ...listSample.record, payload, typ }, operatorKey.signer);
}
function bits(lst: Cbor, width = 1): readonly [number, Cbor] {
  return [
    STATUS_LIST,
    new Map<string, Cbor>([
      ['bits', width],
      ['lst', lst],
    ]),
  ];
}
function broken(name: string, code: ErrorCode, bytes: Bytes, clause = 'TS-LST-1'): Vector {
  return invalid(name, clause, 'status-list', bytes, code);
}
const ownList = sign(
  unsignedStatusList(listFields, { alg: alice.signer.key.alg, ref: alice.certificate.ref }),
  alice.signer,
);
const untyped = sign(
  {
    alg: ES256,
    kid: operatorKey.certificate.ref,
    external: NO_EXTERNAL,
    payload: listSample.record.payload,
  },
  operatorKey.signer,
);

export const lists: VectorFile = {
  chapter: '11-status-list',
  about: 'Status lists of the operator, and deltas of them.',
  vectors: [
    valid('a list of two', 'TS-LST-1', 'status-list', listSample.wire, {
      check: underKey(operatorKey),
    }),
    valid(
      'a list of none',
      'TS-LST-1',
      'status-list',
      sign(
        unsignedStatusList(
          { ...listFields, bits: statusBits([]) },
          { alg: ES256, ref: operatorKey.certificate.ref },
        ),
        operatorKey.signer,
      ),
      { check: underKey(operatorKey) },
    ),
    valid(
      'bits, least significant first: 0, 3 and 9',
      'TS-LST-1',
      'status-list',
      listWith(bits(packed)),
      { check: underKey(operatorKey) },
    ),
    broken('a list without its uri', 'MISSING_FIELD', listWith([2, null])),
    broken('a list without its time', 'MISSING_FIELD', listWith([6, null])),
    broken('a list without its bits', 'MISSING_FIELD', listWith([STATUS_LIST, null])),
    broken('a list without its version', 'MISSING_FIELD', listWith([-65539, null])),
    broken('a list with an unknown claim', 'BAD_FIELD', listWith([1, 'operator'])),
    broken('a list of two bits each', 'BAD_FIELD', listWith(bits(packed, 2))),
    broken('a list of text', 'BAD_FIELD', listWith(bits('lst'))),
    broken('a list of nothing', 'BAD_FIELD', listWith(bits(new Uint8Array(0)))),
    broken(
      'a list that is not compressed',
      'BAD_FIELD',
      listWith(bits(Uint8Array.of(9, 2, 0, 0, 0, 0, 0, 0))),
    ),
    broken('a list without its checksum', 'BAD_FIELD', listWith(bits(packed.slice(0, -4)))),
    broken(
      'a list with a wrong checksum',
      'BAD_FIELD',
      listWith(bits(packed.with(packed.length - 1, 0))),
    ),
    broken(
      'a list that unpacks to one byte too many',
      'OVERSIZED',
      listWith(bits(zlibSync(new Uint8Array(LIMITS.listEntries / 8 + 1), { level: 9 }))),
      'TS-LST-2',
    ),
    broken(
      'a list that unpacks to 8 MB',
      'OVERSIZED',
      listWith(bits(zlibSync(new Uint8Array(8_000_000), { level: 9 }))),
      'TS-LST-2',
    ),
    broken('an array in place of claims', 'WRONG_KIND', signedList(encodeCbor([1, 2]))),
    broken('a list under no type', 'MISSING_FIELD', untyped),
    broken(
      'a list under another type',
      'WRONG_KIND',
      signedList(listSample.record.payload, 'application/cwt'),
    ),
    invalid(
      'a policy in place of a list',
      'TS-ENC-5',
      'status-list',
      policySample.wire,
      'MISSING_FIELD',
    ),
    invalid('a list of a purse', 'TS-CRT-6', 'status-list', ownList, 'WRONG_ROLE', {
      check: underKey(alice),
    }),
    invalid(
      'a list of another issuing key',
      'TS-CRT-4',
      'status-list',
      listSample.wire,
      'UNKNOWN_CERTIFICATE',
      { check: underKey(issuerA) },
    ),
    invalid(
      'a forged list',
      'TS-SIG-3',
      'status-list',
      sign(listSample.record, alice.signer),
      'BAD_SIGNATURE',
      { check: underKey(operatorKey) },
    ),
    ...deltas,
  ],
};
