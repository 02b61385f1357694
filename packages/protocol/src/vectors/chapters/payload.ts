import { type Cbor, decodeCbor } from '../../cbor.ts';
import type { Unsigned } from '../../cose.ts';
import type { ErrorCode } from '../../errors.ts';
import type { Vector } from '../file.ts';
import type { MessageName } from '../readers.ts';
import { type Signer, sign, unsigned } from '../signer.ts';
import { invalid } from '../vector.ts';

/** A signed message whose payload is a positional array, to be spoiled field by field. */
export interface Spoilable {
  readonly of: MessageName;
  readonly clause: string;
  readonly record: Unsigned;
  readonly signer: Signer;
  /** Names of the fields after the kind, in order. */
  readonly fields: readonly string[];
  /** Codes for a field that holds an empty map, where that is not BAD_FIELD. */
  readonly codes?: Readonly<Record<string, ErrorCode>>;
}

/** The message signed anew with another payload: its form is what is wrong, not its signature. */
export function resigned({ record, signer }: Spoilable, payload: Cbor): Uint8Array {
  return sign(unsigned(record.alg, record.kid, payload, record.external), signer);
}

/** The parts of the payload, the kind first. */
export function partsOf({ record }: Spoilable): readonly Cbor[] {
  return decodeCbor(record.payload) as Cbor[];
}

/** For each field: the message without it, and the message with an empty map in its place. */
export function spoiledFields(message: Spoilable): Vector[] {
  const { of, clause, fields, record } = message;
  const parts = partsOf(message);
  const options = record.external.length === 0 ? {} : { external: record.external };
  const each = fields.flatMap((field, index) => [
    invalid(
      `${of} that ends before ${field}`,
      clause,
      of,
      resigned(message, parts.slice(0, index + 1)),
      'MISSING_FIELD',
      options,
    ),
    invalid(
      `${of} with a map as ${field}`,
      clause,
      of,
      resigned(message, parts.with(index + 1, new Map())),
      message.codes?.[field] ?? 'BAD_FIELD',
      options,
    ),
  ]);
  return [
    ...each,
    invalid(
      `${of} with one field more`,
      clause,
      of,
      resigned(message, [...parts, 0]),
      'BAD_FIELD',
      options,
    ),
    invalid(
      `${of} of another kind`,
      clause,
      of,
      resigned(message, parts.with(0, 99)),
      'WRONG_KIND',
      options,
    ),
    invalid(
      `${of} with a map as payload`,
      'TS-ENC-5',
      of,
      resigned(message, new Map()),
      'WRONG_KIND',
      options,
    ),
  ];
}
