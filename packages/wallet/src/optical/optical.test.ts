import { encode } from 'uqr';
import { beforeAll, describe, expect, test } from 'vitest';
import { startReader } from '../testing/optics/index.ts';
import { encodeQr, QrAssembler } from '../transport/index.ts';
import { CUT_AT, TEXTS_MAX } from './bounds.ts';
import { codeModules, codePicture, PICTURES_PER_SECOND, QUIET_MODULES, textAt } from './picture.ts';
import { type Pixels, readTexts } from './reading.ts';

beforeAll(startReader);

/** Draws what an SVG path of whole runs says. */
function modulesOf({ modules, path }: { modules: number; path: string }): boolean[][] {
  const rows = Array.from({ length: modules }, () => Array.from({ length: modules }, () => false));
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    rows[Number(y)]?.fill(true, Number(x), Number(x) + Number(width));
  }
  return rows;
}

/** Codes side by side, each module of a few pixels. */
function pixelsOf(codes: readonly (readonly (readonly boolean[])[])[], scale = 3): Pixels {
  const side = Math.max(...codes.map((rows) => rows.length)) * scale;
  const [width, height] = [side * codes.length, side];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  codes.forEach((rows, index) => {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const isDark = rows[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true;
        const at = (y * width + index * side + x) * 4;
        if (isDark) data.fill(0, at, at + 3);
      }
    }
  });
  return { data, width, height };
}

describe('a picture of a code', () => {
  test('is its modules and a quiet zone, and reads as its text', async () => {
    const text = encodeQr(new Uint8Array(300).fill(9)).text(0);
    const picture = codePicture(text);
    const modules = codeModules(text);
    expect(modulesOf(picture)).toEqual(modules);
    expect(modules.slice(0, QUIET_MODULES).flat()).not.toContain(true);
    expect(modules[QUIET_MODULES]?.[QUIET_MODULES]).toBe(true);
    expect(await readTexts(pixelsOf([modules]))).toEqual([text]);
  });

  test('of a text that no code holds is the mistake of whoever asks for one', () => {
    expect(() => codePicture('A'.repeat(CUT_AT))).toThrow(RangeError);
  });

  test('moves with time, and not where there is one alone', () => {
    const still = encodeQr(new Uint8Array(10));
    expect([0, 5_000].map((ms) => textAt(still, ms))).toEqual([still.text(0), still.text(0)]);
    const moving = encodeQr(new Uint8Array(2_000));
    const pictureMs = 1_000 / PICTURES_PER_SECOND;
    const times = [-5, 0, pictureMs - 1, pictureMs, 30 * pictureMs];
    expect(times.map((ms) => textAt(moving, ms))).toEqual(
      [0, 0, 0, 1, 30].map((index) => moving.text(index)),
    );
  });
});

describe('a picture from outside', () => {
  test('gives ours where there are others too, and no more than a few', async () => {
    const pages = Array.from({ length: TEXTS_MAX + 2 }, (_, index) => `HTTPS://${index}.EXAMPLE`);
    const seen = await readTexts(pixelsOf(pages.map((text) => codeModules(text))));
    expect(seen).toHaveLength(TEXTS_MAX);
    expect(pages).toEqual(expect.arrayContaining([...seen]));
    for (const texts of [
      ['HTTPS://EXAMPLE.ORG', 'TS1:ABC'],
      ['TS1:ABC', 'HTTPS://EXAMPLE.ORG'],
    ]) {
      const both = await readTexts(pixelsOf(texts.map((text) => codeModules(text))));
      expect(both).toContain('TS1:ABC');
    }
  });

  test('that holds more than any code of ours is cut, and refused as oversized', async () => {
    const digits = '7'.repeat(6_000);
    const [text = ''] = await readTexts(pixelsOf([encode(digits, { ecc: 'L', border: 4 }).data]));
    expect(text).toHaveLength(CUT_AT);
    expect(new QrAssembler().add(text)).toMatchObject({ error: { code: 'QR_OVERSIZED' } });
  });

  test('gives nothing where it is nothing', async () => {
    const data = new Uint8ClampedArray(64 * 64 * 4).fill(255);
    expect(await readTexts({ data, width: 64, height: 64 })).toEqual([]);
    const speckled = data.map((_, at) => (at * 7919) & 255);
    expect(await readTexts({ data: speckled, width: 64, height: 64 })).toEqual([]);
  });
});
