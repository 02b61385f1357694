import { toHex } from '../bytes.ts';
import type { Json } from './file.ts';

/**
 * A decoded value as JSON: bytes in lower-case hex, bigints in decimal, a map as a list of its
 * entries under `map`.
 */
export function render(value: unknown): Json {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(render);
  if (value instanceof Map) {
    return { map: [...value].map(([key, each]) => [render(key), render(each)]) };
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, render(each)]));
  }
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) {
    return value as Json;
  }
  throw new TypeError(`${typeof value} has no place in a vector`);
}

/** Whether two values are the same, whatever the order of their names. */
export function same(a: Json, b: Json): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    left.length === right.size &&
    left.every(([name, each]) => {
      const other: Json | undefined = right.get(name);
      return other !== undefined && same(each, other);
    })
  );
}
