import { encode } from 'uqr';
import type { QrCode } from '../transport/index.ts';

/**
 * Error correction level of every code. Less makes larger modules, which blur and noise spare longer, but those come
 * anew with each frame; a reflection stays, and what it covers only correction brings back (`docs/optical.md`).
 */
export const CORRECTION: Correction = 'M';
/** Empty modules around a code: half of what the standard asks for, since the screen is better used for the code. */
export const QUIET_MODULES = 2;
/** Pictures of an animated code in a second (`docs/optical.md`). */
export const PICTURES_PER_SECOND = 10;

export type Correction = 'L' | 'M' | 'Q' | 'H';

/** A code to be drawn dark on light, as an SVG of `0 0 modules modules` shows it. */
export interface CodePicture {
  /** A side, the quiet zone included. */
  readonly modules: number;
  /** Data of an SVG path; one unit is one module. */
  readonly path: string;
}

/** The picture of a text of at most `TEXT_CHARACTERS_MAX` characters, or a RangeError. */
export function codePicture(text: string): CodePicture {
  const rows = codeModules(text);
  return { modules: rows.length, path: rows.map(rowPath).join('') };
}

/**
 * The modules of a code row by row, true where dark, the quiet zone included.
 *
 * @param correction only measurements have another
 */
export function codeModules(
  text: string,
  correction: Correction = CORRECTION,
  quiet: number = QUIET_MODULES,
): readonly (readonly boolean[])[] {
  // A level that fits into the same modules costs nothing.
  return encode(text, { ecc: correction, boostEcc: true, border: quiet }).data;
}

/** Which text of a code to show so long after it was first shown; a still code never changes. */
export function textAt(code: QrCode, elapsedMs: number): string {
  if (code.parts === 1) return code.text(0);
  return code.text(Math.floor((Math.max(0, elapsedMs) * PICTURES_PER_SECOND) / 1_000));
}

/** The dark runs of a row: a path of whole runs is a third of one of single modules. */
function rowPath(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x++) {
    if (row[x] !== true) continue;
    const start = x;
    while (row[x + 1] === true) x += 1;
    const width = x - start + 1;
    path += `M${start} ${y}h${width}v1h-${width}z`;
  }
  return path;
}
