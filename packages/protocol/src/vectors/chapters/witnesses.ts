import { type Bytes, concat, sha256, toHex } from '../../bytes.ts';
import { encodeCbor } from '../../cbor.ts';
import type { ErrorCode } from '../../errors.ts';
import { encodeFrame } from '../../frame.ts';
import { LIMITS } from '../../limits.ts';
import { contactSalt, nonces, places } from '../carriers.ts';
import type { Vector, VectorFile } from '../file.ts';
import { filler } from '../samples.ts';
import { invalid, valid } from '../vector.ts';

/** The digests of a place and its content in one contact, computed by the hash alone. */
function digests(name: string, clause: string, drawn: readonly Bytes[], place: number): Vector {
  const { kid, seq, id } = places[place] as (typeof places)[number];
  const position = Uint8Array.of(seq >>> 24, seq >>> 16, seq >>> 8, seq);
  const salt = sha256(...drawn.toSorted((a, b) => (toHex(a) < toHex(b) ? -1 : 1)));
  const whole = sha256(salt, Uint8Array.of(0), kid, position).slice(0, 16);
  const content = sha256(salt, Uint8Array.of(1), id).slice(0, 2);
  const fields = {
    salt: toHex(salt),
    place: toHex(whole),
    witness: toHex(concat(whole.slice(0, 4), content)),
  };
  const input = toHex(concat(...drawn, kid, position, id));
  return { name, clause, of: 'witness', input, expect: { fields } };
}

function set(name: string, bytes: Bytes, code: ErrorCode): Vector {
  return invalid(name, 'TS-WIT-3', 'frame', encodeCbor([10, nonces[0], bytes]), code);
}

const ascending = Uint8Array.from({ length: LIMITS.witnessSetBytes }, (_, at) =>
  at % 6 === 0 ? at / 6 : 0,
);

export const witnesses: VectorFile = {
  chapter: '27-witnesses',
  about:
    'What a device tells of payments it has seen, and the digests under the salt of a contact.',
  vectors: [
    digests('a place and its content', 'TS-WIT-3', nonces, 0),
    digests('another place', 'TS-WIT-3', nonces, 1),
    digests('the nonces the other way round', 'TS-WIT-2', nonces.toReversed(), 0),
    digests('the same place in another contact', 'TS-WIT-2', [nonces[0], filler(16, 22)], 0),
    valid(
      'as many witnesses as one contact takes',
      'TS-WIT-3',
      'frame',
      encodeFrame({ kind: 10, nonce: nonces[0], set: ascending }),
    ),
    set('one witness more than that', concat(ascending, filler(6, 255)), 'BAD_FIELD'),
    set('a part of a witness', contactSalt.slice(0, 5), 'BAD_FIELD'),
    set('one witness twice', new Uint8Array(12), 'BAD_FIELD'),
    set(
      'witnesses in descending order',
      Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
      'BAD_FIELD',
    ),
  ],
};
