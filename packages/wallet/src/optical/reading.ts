import { type ReaderOptions, readBarcodes } from 'zxing-wasm/reader';
import { TEXT_CHARACTERS_MAX } from '../transport/ur-part.ts';

/** Codes to look for in one picture: a poster in the background must not hide the code in front. */
export const TEXTS_MAX = 4;

/** Measured in `docs/optical.md`: what reads the most codes a second, not the most a picture. */
export const READER_OPTIONS: ReaderOptions = {
  formats: ['QRCode'],
  maxNumberOfSymbols: TEXTS_MAX,
  // Our codes are dark on light: looking for others too would double what a frame without a code takes.
  tryInvert: false,
  // Some frames of a shaking hand are read by nothing else.
  tryHarder: true,
  tryRotate: false,
  tryDownscale: true,
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
 * The texts of the codes in a picture; whoever shows one chooses what is in it. A text that is longer
 * than any of ours is cut, so that it is refused as such and costs nobody its memory.
 */
export async function readTexts(
  pixels: Pixels,
  options: ReaderOptions = READER_OPTIONS,
): Promise<readonly string[]> {
  const codes = await readBarcodes(pixels, options);
  return codes.slice(0, TEXTS_MAX).map(({ text }) => text.slice(0, TEXT_CHARACTERS_MAX + 1));
}
