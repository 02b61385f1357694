import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { encode } from 'uqr';
import { beforeAll, describe, expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { encodeQr, QrAssembler, SINGLE_BYTES } from './qr.ts';

/** High-entropy bytes, the same in every run, as signatures and keys are. */
function sample(length: number): Uint8Array {
  let state = 0x2545f491;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}

const MODULE_PIXELS = 4;
const QUIET_MODULES = 4;

interface Picture {
  readonly version: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly colorSpace: 'srgb';
}

function draw(text: string, ecc: 'L' | 'M'): Picture {
  const qr = encode(text, { ecc, boostEcc: false, border: QUIET_MODULES });
  const width = qr.size * MODULE_PIXELS;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (let at = 0; at < width * width; at++) {
    const row = Math.floor(at / width / MODULE_PIXELS);
    const column = Math.floor((at % width) / MODULE_PIXELS);
    if (qr.data[row]?.[column] === true) data.fill(0, at * 4, at * 4 + 3);
  }
  return { version: qr.version, data, width, height: width, colorSpace: 'srgb' };
}

async function read(picture: Picture): Promise<{ text: string; version: string }> {
  const [code, ...more] = await readBarcodes(picture, { formats: ['QRCode'] });
  expect(more).toEqual([]);
  if (code === undefined) throw new Error('no code was found in the picture');
  return { text: code.text, version: code.version };
}

/** ISO/IEC 18004 table 7: what fits at level M, in alphanumeric characters and in bytes. */
const CAPACITY_M = {
  9: { alphanumeric: 262, bytes: 180 },
  13: { alphanumeric: 483, bytes: 331 },
  23: { alphanumeric: 1_248, bytes: 857 },
} as const;

beforeAll(async () => {
  // By default the reader loads its wasm from a content network; here it comes from the package.
  const path = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  const wasmBinary = Uint8Array.from(readFileSync(path)).buffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
});

describe('drawn and read by independent QR software', () => {
  test.each([
    [160, 9],
    [300, 13],
    [SINGLE_BYTES, 23],
  ] as const)(
    '%i bytes make a version %i code at level M, in alphanumeric mode',
    async (size, version) => {
      const text = encodeQr(sample(size)).text(0);
      const picture = draw(text, 'M');
      expect(picture.version).toBe(version);
      // In byte mode the text would not fit this version, so the mode must be the alphanumeric one.
      expect(text.length).toBeLessThanOrEqual(CAPACITY_M[version].alphanumeric);
      expect(text.length).toBeGreaterThan(CAPACITY_M[version].bytes);
      const seen = await read(picture);
      expect(seen.text).toBe(text);
      expect(new QrAssembler().add(seen.text)).toEqual({ ok: true, value: { done: sample(size) } });
    },
  );

  test('2 kB are an animation no denser than a payment’s code, read with every fourth picture missed', async () => {
    const code = encodeQr(sample(2_000));
    const assembler = new QrAssembler();
    let frame: Uint8Array | null = null;
    for (let index = 0; frame === null && index < code.parts * 4; index++) {
      if (index % 4 === 1) continue;
      const picture = draw(code.text(index), 'M');
      expect(picture.version).toBeLessThanOrEqual(13);
      const result = assembler.add((await read(picture)).text);
      if (result.ok && 'done' in result.value) frame = result.value.done;
    }
    expect(frame).toEqual(sample(2_000));
  });
});
