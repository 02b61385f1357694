import { type ReaderOptions, readBarcodes } from 'zxing-wasm/reader';
import { isOurs } from '../transport/qr.ts';
import { CUT_AT, TEXTS_MAX } from './bounds.ts';

/** What reads most, as measured in `docs/optical.md`. */
export const READER_OPTIONS: ReaderOptions = {
  formats: ['QRCode'],
  // Going on to look for others takes a third longer.
  maxNumberOfSymbols: 1,
  // A second look at half the size reads what is blurred or noisy; by the default third, less.
  tryDownscale: true,
  downscaleFactor: 2,
  downscaleThreshold: 400,
  // Our codes are dark on light: to look for others takes a third longer on each frame without a code.
  tryInvert: false,
  // Neither gives a code of this kind more chances.
  tryHarder: false,
  tryRotate: false,
  // As the code holds it: no reader's guess at what it may mean.
  textMode: 'Plain',
};

/** Pixels of four bytes, row by row, as a canvas gives them. */
export interface Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/**
 * The texts of the codes in a picture: one of ours where that is the first to be found, else a few, so that a poster
 * in the background does not hide the code in front of it. Whoever shows a code chooses what is in it: a text that is
 * longer than any of ours is cut, so that it is refused as such and costs nobody its memory.
 */
export async function readTexts(
  pixels: Pixels,
  options: ReaderOptions = READER_OPTIONS,
): Promise<readonly string[]> {
  const first = await read(pixels, options);
  if (first.every(isOurs)) return first;
  return read(pixels, { ...options, maxNumberOfSymbols: TEXTS_MAX });
}

async function read(pixels: Pixels, options: ReaderOptions): Promise<readonly string[]> {
  const codes = await readBarcodes(pixels, options);
  return codes.slice(0, TEXTS_MAX).map(({ text }) => text.slice(0, CUT_AT));
}
