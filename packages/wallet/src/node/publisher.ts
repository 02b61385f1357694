import {
  attempt,
  keyOfText,
  type KeyText,
  type PublicKey,
  reject,
  type Result,
} from '@tallystick/protocol';

/**
 * Whose trusted application a scheme runs (TS-IMG-1), from the text of the trust file that its backend writes. Fails with
 * BAD_FIELD where it is none, or names no publisher; UNKNOWN_ALGORITHM.
 */
export function publisherIn(trustFile: string): Result<PublicKey> {
  return attempt(() => {
    const { publisher } = fileOf(trustFile);
    if (isKeyText(publisher)) return keyOfText(publisher);
    return reject('BAD_FIELD', 'the trust file names no publisher');
  });
}

function fileOf(text: string): { readonly publisher?: unknown } {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return reject('BAD_FIELD', 'a trust file is JSON');
  }
}

function isKeyText(value: unknown): value is KeyText {
  const { algorithm, key } = (value ?? {}) as Partial<KeyText>;
  return typeof algorithm === 'string' && typeof key === 'string';
}
