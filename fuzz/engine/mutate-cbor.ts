import { type Bytes, type Cbor, decodeCbor, encodeCbor } from '@tallystick/protocol';
import type { Random } from './random.ts';

/** Where a number may be one too small or too large. */
const NUMBERS: readonly (number | bigint)[] = [
  0,
  1,
  2,
  7,
  8,
  23,
  24,
  31,
  32,
  63,
  64,
  255,
  256,
  999,
  1_000,
  4_096,
  65_535,
  65_536,
  1_790_000_000,
  4_294_967_295,
  4_294_967_296,
  9_007_199_254_740_991,
  9_007_199_254_740_992n,
  0xffff_ffff_ffff_ffffn,
  -1,
  -7,
  -19,
  -48,
  -9_007_199_254_740_993n,
];
const READ_MAX = 1 << 20;

/**
 * The input with one item of its tree changed, in canonical form again: so it passes the first check
 * and reaches what lies behind. Byte strings that are CBOR themselves are parts of the tree, and what
 * is grafted comes from another input. The same bytes when the input is no CBOR.
 */
export function mutateCbor(input: Bytes, other: Bytes, random: Random): Bytes {
  const item = read(input);
  if (item === undefined) return input;
  const donor = read(other);
  const changed = change(item, donor ?? null, random);
  return write(changed) ?? input;
}

function read(bytes: Bytes): Cbor | undefined {
  try {
    return decodeCbor(bytes, READ_MAX) as Cbor;
  } catch {
    return undefined;
  }
}

function write(item: Cbor): Bytes | undefined {
  try {
    return encodeCbor(item);
  } catch {
    return undefined;
  }
}

function change(item: Cbor, donor: Cbor, random: Random): Cbor {
  if (Array.isArray(item) && item.length > 0 && !random.once(6)) {
    return changedList(item as readonly Cbor[], donor, random);
  }
  if (item instanceof Map && item.size > 0 && !random.once(6)) {
    return changedMap(item as ReadonlyMap<number, Cbor>, donor, random);
  }
  if (item instanceof Uint8Array) return changedBytes(item, donor, random);
  return replacement(item, donor, random);
}

function changedList(list: readonly Cbor[], donor: Cbor, random: Random): Cbor {
  const at = random.below(list.length);
  const item = list[at] ?? null;
  switch (random.below(10)) {
    case 0:
      return list.toSpliced(at, 1);
    case 1:
      return list.toSpliced(at, 0, item);
    case 2:
      return list.with(at, list[random.below(list.length)] ?? null);
    case 3:
      return random.once(200) ? Array.from({ length: random.below(5_000) }, () => item) : [item];
    default:
      return list.with(at, change(item, donor, random));
  }
}

function changedMap(map: ReadonlyMap<number, Cbor>, donor: Cbor, random: Random): Cbor {
  const entries = [...map];
  const [key, value] = random.pick(entries);
  const out = new Map<number, Cbor>(entries);
  switch (random.below(6)) {
    case 0:
      out.delete(key);
      return out;
    case 1:
      return out.set(random.below(20) - 4, value);
    default:
      return out.set(key, change(value, donor, random));
  }
}

function changedBytes(bytes: Bytes, donor: Cbor, random: Random): Cbor {
  const inner = bytes.length > 2 && !random.once(5) ? read(bytes) : undefined;
  const isTree = Array.isArray(inner) || inner instanceof Map;
  const written = isTree ? write(change(inner as Cbor, donor, random)) : undefined;
  if (written !== undefined) return written;
  const out = bytes.slice();
  switch (random.below(6)) {
    case 0:
      return out.slice(0, random.below(out.length + 1));
    case 1:
      return Uint8Array.of(...out.subarray(0, 4_096), random.below(256));
    case 2:
      return out.fill(random.pick([0, 0xff]));
    case 3:
      return replacement(bytes, donor, random);
    default:
      if (out.length > 0) out[random.below(out.length)] = random.below(256);
      return out;
  }
}

function replacement(item: Cbor, donor: Cbor, random: Random): Cbor {
  if (typeof item === 'number' && random.once(3)) return item + random.pick([-1, 1, -60, 60]);
  switch (random.below(8)) {
    case 0:
      return null;
    case 1:
      return random.once(2);
    case 2:
      return random.pick(['', 'a', 'Zoë', '\u202e', 'x'.repeat(65), '\u0000']);
    case 3:
      return new Uint8Array(random.pick([0, 1, 8, 16, 31, 32, 33, 64, 2_420]));
    case 4:
      return graft(donor, random);
    case 5:
      return random.pick<Cbor>([[], new Map(), [[]], [item], item]);
    default:
      return random.pick(NUMBERS);
  }
}

/** Some item of another input. */
function graft(donor: Cbor, random: Random): Cbor {
  if (Array.isArray(donor) && donor.length > 0 && !random.once(3)) {
    return graft(random.pick(donor as readonly Cbor[]), random);
  }
  return donor;
}
