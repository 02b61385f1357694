import { type Bytes, fromHex } from '@tallystick/protocol';

/** The bytes of a name that this backend wrote as hex itself. */
export function unhex(name: string): Bytes {
  const bytes = fromHex(name);
  if (bytes === null) throw new TypeError(`${name} is not hex`);
  return bytes;
}
