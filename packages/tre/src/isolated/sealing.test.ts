import { sha256, toHex } from '@tallystick/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY } from './content.ts';
import { seal, unseal } from './sealing.ts';

const key = sha256(Uint8Array.of(1));
const purpose = Uint8Array.of(7);
const content = { ...EMPTY, state: Uint8Array.of(1, 2, 3) };
const refused = { ok: false, error: { code: 'TAMPERED' } };

describe('a seal', () => {
  it('opens to what was sealed, and is another each time', () => {
    const [one, two] = [seal(content, key, purpose), seal(content, key, purpose)];
    expect(unseal(one, key, purpose)).toEqual({ ok: true, value: content });
    expect(toHex(one)).not.toBe(toHex(two));
  });

  it('opens for no other key and no other purpose', () => {
    const sealed = seal(content, key, purpose);
    expect(unseal(sealed, sha256(key), purpose)).toMatchObject(refused);
    expect(unseal(sealed, key, Uint8Array.of(8))).toMatchObject(refused);
  });

  it('opens to nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(unseal(bytes, key, purpose)).toMatchObject(refused);
      }),
      { seed: 1 },
    );
  });
});
