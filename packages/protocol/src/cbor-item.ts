import type { Bytes } from './bytes.ts';

/** Major types of RFC 8949 §3.1: the three high bits of every head. */
export const MAJOR = {
  unsigned: 0,
  negative: 1,
  bytes: 2,
  text: 3,
  array: 4,
  map: 5,
  tag: 6,
  simple: 7,
} as const;

/** What a message is made of: no floats, tags, undefined or indefinite lengths (TS-ENC-2). */
export type Cbor =
  | number
  | bigint
  | string
  | boolean
  | null
  | Bytes
  | readonly Cbor[]
  | ReadonlyMap<number | string, Cbor>;
