import type { Bytes } from './bytes.ts';
import type { Cbor } from './cbor.ts';
import { LIMITS } from './limits.ts';
import { readParts } from './precedence.ts';
import { reject } from './result.ts';
import { utf8Length } from './utf8.ts';

/**
 * A field or message both ways: one declaration writes it and reads it strictly. `decode` keeps the
 * byte strings that {@link decodeCbor} made, and rejects with the path of the field that is wrong (TS-ENC-6).
 */
export interface Codec<T> {
  encode(value: T): Cbor;
  decode(item: unknown, path: string): T;
}

function bad(path: string, wanted: string): never {
  return reject('BAD_FIELD', `${path} must be ${wanted}`);
}

/** An unsigned integer from `min` to `max`, as a number. */
export function uint(max: number, min = 0): Codec<number> {
  return {
    encode: (value) => value,
    decode: (item, path) =>
      typeof item === 'number' && Number.isInteger(item) && item >= min && item <= max
        ? item
        : bad(path, `a whole number from ${min} to ${max}`),
  };
}

/** One of a closed set of small integers. */
export function oneOf<T extends number>(...allowed: readonly T[]): Codec<T> {
  return {
    encode: (value) => value,
    decode: (item, path) =>
      allowed.find((each) => each === item) ?? bad(path, `one of ${allowed.join(', ')}`),
  };
}

/** A byte string of exactly `length` bytes. */
export function fixed(length: number): Codec<Bytes> {
  return blob(length, length);
}

/** A byte string of `min` to `max` bytes. */
export function blob(max: number, min = 0): Codec<Bytes> {
  return {
    encode: (value) => value,
    decode: (item, path) =>
      item instanceof Uint8Array && item.length >= min && item.length <= max
        ? item
        : bad(path, min === max ? `${min} bytes` : `${min} to ${max} bytes`),
  };
}

/**
 * Control, format, private and surrogate code points, line and paragraph separators. Unassigned ones
 * are let through: which they are depends on the engine's edition of Unicode.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Text of 1 to `max` UTF-8 bytes that a screen shows as what it is (TS-ENC-7). */
export function label(max: number = LIMITS.nameBytes): Codec<string> {
  return {
    encode: (value) => value,
    decode: (item, path) =>
      typeof item === 'string' &&
      item.length > 0 &&
      utf8Length(item) <= max &&
      !UNPRINTABLE.test(item)
        ? item
        : bad(path, `1 to ${max} bytes of printable text`),
  };
}

export const flag: Codec<boolean> = {
  encode: (value) => value,
  decode: (item, path) => (typeof item === 'boolean' ? item : bad(path, 'true or false')),
};

/** The field, or null where it may be absent on purpose. */
export function nullable<T>(inner: Codec<T>): Codec<T | null> {
  return {
    encode: (value) => (value === null ? null : inner.encode(value)),
    decode: (item, path) => (item === null ? null : inner.decode(item, path)),
  };
}

/** A list of at most `max` items. */
export function list<T>(inner: Codec<T>, max: number): Codec<readonly T[]> {
  return {
    encode: (value) => value.map((each) => inner.encode(each)),
    decode: (item, path) => {
      if (!Array.isArray(item) || item.length > max) return bad(path, `a list of at most ${max}`);
      const out: T[] = [];
      readParts(item.length, (index) => {
        out.push(inner.decode(item[index], `${path}[${index}]`));
      });
      return out;
    },
  };
}

/** Codecs for every field of a structure, in their order on the wire. */
export type Fields<T> = { readonly [K in keyof T]-?: Codec<T[K]> };

/** A structure as a positional array: each field in order, none missing, none extra. */
export function tuple<T extends object>(fields: Fields<T>): Codec<T> {
  return positional(fields, []);
}

/** A structure whose first element is a fixed kind number (TS-ENC-5). */
export function tagged<T extends object>(kind: number, fields: Fields<T>): Codec<T> {
  return positional(fields, [kind]);
}

function positional<T extends object>(fields: Fields<T>, prefix: readonly number[]): Codec<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  const length = prefix.length + names.length;
  return {
    encode: (value) => [...prefix, ...names.map((name) => fields[name].encode(value[name]))],
    decode: (item, path) => {
      const kind = prefix[0];
      if (kind !== undefined && !(Array.isArray(item) && item[0] === kind)) {
        reject('WRONG_KIND', `${path} is not of kind ${kind}`);
      }
      if (!Array.isArray(item)) return bad(path, 'an array');
      const out = {} as T;
      readParts(names.length + 1, (index) => {
        const name = names[index];
        const at = prefix.length + index;
        if (name === undefined) {
          if (item.length > length) bad(path, `${length} fields, not ${item.length}`);
        } else if (at >= item.length) {
          reject('MISSING_FIELD', `${path}.${name}`);
        } else {
          out[name] = fields[name].decode(item[at], `${path}.${name}`);
        }
      });
      return out;
    },
  };
}

/** A union told apart by the kind number that opens each member's array. */
export function union<T extends { readonly kind: K }, K extends number>(
  members: {
    readonly [Key in K]: Codec<Extract<T, { readonly kind: Key }>>;
  },
): Codec<T> {
  const byKind = members as unknown as Readonly<Record<number, Codec<T> | undefined>>;
  return {
    encode: (value) => {
      const codec = byKind[value.kind];
      if (codec === undefined) throw new TypeError(`no member of kind ${value.kind}`);
      return codec.encode(value);
    },
    decode: (item, path) => {
      const kind: unknown = Array.isArray(item) ? item[0] : undefined;
      const codec = typeof kind === 'number' ? byKind[kind] : undefined;
      return codec === undefined ? reject('WRONG_KIND', path) : codec.decode(item, path);
    },
  };
}

/** A member of a {@link union}: its kind is a field of the value and the first of the array. */
export function member<T extends { readonly kind: number }>(
  kind: T['kind'],
  fields: Fields<Omit<T, 'kind'>>,
): Codec<T> {
  const body = tagged<Omit<T, 'kind'>>(kind, fields);
  return {
    encode: (value) => body.encode(value),
    decode: (item, path) => ({ kind, ...body.decode(item, path) }) as T,
  };
}
