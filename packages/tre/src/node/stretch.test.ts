import { fromHex, toHex } from '@tallystick/protocol';
import { describe, expect, it } from 'vitest';
import { STRETCH_COST } from '../surroundings.ts';
import { stretch } from './stretch.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'ascii'));

describe('the PIN hash (TS-HLD-2)', () => {
  it('is scrypt: the vectors of RFC 7914, section 12', async () => {
    const empty = await stretch(ascii(''), ascii(''), { n: 16, r: 1, p: 1 });
    expect(toHex(empty)).toBe('77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442');
    const salted = await stretch(ascii('password'), ascii('NaCl'), { n: 1024, r: 8, p: 16 });
    expect(toHex(salted)).toBe('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162');
  });

  it('runs at its full cost', async () => {
    const salt = fromHex('000102030405060708090a0b0c0d0e0f') ?? new Uint8Array(0);
    const [one, other] = await Promise.all([
      stretch(ascii('1234'), salt, STRETCH_COST),
      stretch(ascii('1235'), salt, STRETCH_COST),
    ]);
    expect(one).toHaveLength(32);
    expect(one).not.toEqual(other);
  });
});
