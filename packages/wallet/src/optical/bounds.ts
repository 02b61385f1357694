import { TEXT_CHARACTERS_MAX } from '../transport/ur-part.ts';

/** Codes to look for in one picture: a poster in the background must not hide the code in front. */
export const TEXTS_MAX = 4;
/** Where a text is cut that is longer than any of ours: by one character, so that it is refused as such. */
export const CUT_AT: number = TEXT_CHARACTERS_MAX + 1;
