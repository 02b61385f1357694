import { concat, type SignatureCheck, toHex } from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';

/** A test with one more cut verifies the same signatures again as the one before it. */
const verdicts = new Map<string, boolean>();

/** Verifies each signature once. */
export function verifyOnce(check: SignatureCheck): boolean {
  const name = toHex(concat(check.key.bytes, check.signature, check.message));
  const known = verdicts.get(name) ?? softwareVerify(check);
  verdicts.set(name, known);
  return known;
}
