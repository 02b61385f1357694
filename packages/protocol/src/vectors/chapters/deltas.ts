import { type Bytes, fromHex, toHex } from '../../bytes.ts';
import { type Cbor, decodeCbor } from '../../cbor.ts';
import type { ErrorCode } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { statusDelta } from '../../status-delta.ts';
import { alice, issuerA, operatorKey, type Party } from '../cast.ts';
import type { Check, Vector } from '../file.ts';
import { deltaSample, listSample, messageOf } from '../samples.ts';
import { sign, unsigned } from '../signer.ts';
import { invalid, valid } from '../vector.ts';
import { type Spoilable, spoiledFields } from './payload.ts';

const under = (by: Party): Check => ({ under: 'certificate', certificate: toHex(by.wire) });
const checked = { check: under(operatorKey) };

const spoilable: Spoilable = {
  of: 'status-delta',
  clause: 'TS-LST-6',
  record: deltaSample.record,
  signer: operatorKey.signer,
  fields: ['base', 'version', 'issuedAt', 'revoked'],
};
const parts = decodeCbor(deltaSample.record.payload) as readonly Cbor[];

function delta(revoked: readonly number[], base = 12): Bytes {
  return messageOf(statusDelta, { ...deltaSample.fields, base, revoked }, operatorKey).wire;
}

/** A delta with other parts than its writer would give it. */
function withParts(changed: readonly Cbor[]): Bytes {
  const { alg, kid } = deltaSample.record;
  return sign(unsigned(alg, kid, changed), operatorKey.signer);
}

function packed(
  name: string,
  count: Cbor,
  parameter: Cbor,
  bits: string,
  code: ErrorCode = 'BAD_FIELD',
): Vector {
  const indices = [count, parameter, fromHex(bits) ?? new Uint8Array(0)];
  return invalid(name, 'TS-LST-7', 'status-delta', withParts(parts.with(4, indices)), code);
}

// The set of 5 alone: floor(log2 6) = 2, so a quotient of 1 and a remainder of 1, 10 01 in bits.
export const deltas: readonly Vector[] = [
  valid('a delta of three', 'TS-LST-6', 'status-delta', deltaSample.wire, checked),
  valid('a delta of none: only time has passed', 'TS-LST-6', 'status-delta', delta([]), checked),
  valid('a delta that completes nothing', 'TS-LST-9', 'status-delta', delta([7], 14), checked),
  valid('the first index alone', 'TS-LST-7', 'status-delta', delta([0]), checked),
  valid('5 alone', 'TS-LST-7', 'status-delta', delta([5]), checked),
  valid(
    'the last index alone',
    'TS-LST-7',
    'status-delta',
    delta([LIMITS.listEntries - 1]),
    checked,
  ),
  valid(
    'a hundred neighbours',
    'TS-LST-7',
    'status-delta',
    delta(Array.from({ length: 100 }, (_, index) => 4_000 + index)),
    checked,
  ),
  valid(
    'a thousand of a million, evenly spread',
    'TS-LST-7',
    'status-delta',
    delta(Array.from({ length: 1_000 }, (_, index) => index * 1_000 + ((index * 617) % 1_000))),
    checked,
  ),
  ...spoiledFields(spoilable),
  invalid(
    'a base after its version',
    'TS-LST-6',
    'status-delta',
    withParts(parts.with(1, 15)),
    'BAD_FIELD',
  ),
  packed('5 alone with too small a parameter', 1, 1, 'd0'),
  packed('5 alone with too large a parameter', 1, 3, '50'),
  packed('5 alone with a bit set behind it', 1, 2, '98'),
  packed('5 alone with a byte behind it', 1, 2, '9000'),
  packed('5 alone without its last bits', 1, 3, ''),
  packed('a quotient without end', 1, 2, 'ffff'),
  packed('two where there is one', 2, 2, '90'),
  packed('nothing, with a parameter', 0, 1, ''),
  packed('nothing, with bits', 0, 0, '00'),
  packed('an index past the list', 1, 23, '400000'),
  packed('a count past the bound', LIMITS.deltaEntries + 1, 0, '00'),
  packed('a parameter past the bound', 1, 33, '0000000000'),
  invalid(
    'a set without its bits',
    'TS-LST-7',
    'status-delta',
    withParts(parts.with(4, [1, 2])),
    'MISSING_FIELD',
  ),
  invalid(
    'a delta of a purse',
    'TS-CRT-6',
    'status-delta',
    messageOf(statusDelta, deltaSample.fields, alice).wire,
    'WRONG_ROLE',
    { check: under(alice) },
  ),
  invalid(
    'a delta of another issuing key',
    'TS-CRT-4',
    'status-delta',
    deltaSample.wire,
    'UNKNOWN_CERTIFICATE',
    { check: under(issuerA) },
  ),
  invalid(
    'a forged delta',
    'TS-SIG-3',
    'status-delta',
    sign(deltaSample.record, alice.signer),
    'BAD_SIGNATURE',
    checked,
  ),
  invalid('a list in place of a delta', 'TS-ENC-5', 'status-delta', listSample.wire, 'BAD_FIELD'),
];
