import { LIMITS } from '@tallystick/protocol';
import { decodeBase45, encodeBase45 } from './base45.ts';
import { FountainDecoder, FountainEncoder, type Part } from './fountain.ts';
import { checkFrame } from './transport.ts';
import { decodePart, encodePart, TEXT_CHARACTERS_MAX, UR_PREFIX } from './ur-part.ts';

/** Opens the text of a frame that fits one code; base45 follows. */
const SINGLE_PREFIX = 'TS1:';

/**
 * The largest frame shown as one still code. It makes 1,204 characters: 97 modules a side at error
 * correction level L, 109 at M, about the densest codes in daily use (health passes, tickets), which
 * a mid-range camera reads from a phone's screen.
 */
export const SINGLE_BYTES = 800;

/**
 * The largest fragment of an animated code: each of its pictures is no denser than the still code of
 * a 300-byte payment (69 modules a side at level M), since it is seen for a tenth of a second.
 */
const FRAGMENT_BYTES = 200;

/** Fragments a scanner collects at most: the largest frame has 328 of ours, and other makers' may be smaller. */
export const PARTS_MAX = 512;

/** A frame as the texts of one or more QR codes. */
export interface QrCode {
  /** 1: `text(0)` is all there is. More: this many texts hold the frame if none is missed. */
  readonly parts: number;
  /**
   * The text for the picture at `index`, from 0 without end. An animation shows 0, 1, 2, … and does
   * not go back to 0: the texts past `parts` replace whichever ones the scanner missed.
   */
  text(index: number): string;
}

/** Throws a RangeError when the frame is empty or longer than `LIMITS.frameBytes`. */
export function encodeQr(frame: Uint8Array): QrCode {
  checkFrame(frame);
  if (frame.length <= SINGLE_BYTES) {
    const text = SINGLE_PREFIX + encodeBase45(frame);
    return { parts: 1, text: () => text };
  }
  const encoder = new FountainEncoder(frame, FRAGMENT_BYTES);
  return {
    parts: encoder.sequence.parts,
    text: (index) => encodePart(encoder.part(index + 1)),
  };
}

/**
 * Why a scanned text gave nothing:
 * - `QR_OVERSIZED`: longer than a code can be, or its message is larger than a frame or has more parts than allowed;
 * - `QR_FOREIGN`: not one of our codes; keep scanning;
 * - `QR_DAMAGED`: one of ours, but not as our encoder writes it; keep scanning;
 * - `QR_CONFLICT`: the parts contradict each other; they were dropped, and scanning starts anew.
 */
export type QrErrorCode = 'QR_OVERSIZED' | 'QR_FOREIGN' | 'QR_DAMAGED' | 'QR_CONFLICT';

/** A frame is complete, or this share of it is there (more than 0, less than 1). */
export type QrScan = { readonly done: Uint8Array } | { readonly progress: number };

export type QrResult =
  | { readonly ok: true; readonly value: QrScan }
  | {
      readonly ok: false;
      readonly error: { readonly code: QrErrorCode; readonly message: string };
    };

/**
 * Puts frames together from scanned texts, in whatever order, repeated or incomplete they come. It
 * holds one sequence of parts: a part of another starts that one and drops the old. It keeps less
 * than three times `LIMITS.frameBytes`. Nothing that is scanned makes it throw.
 */
export class QrAssembler {
  #decoder: FountainDecoder | null = null;
  #frame: Uint8Array | null = null;

  add(text: string): QrResult {
    if (text.length > TEXT_CHARACTERS_MAX) {
      return failure('QR_OVERSIZED', `a QR code holds at most ${TEXT_CHARACTERS_MAX} characters`);
    }
    if (text.startsWith(SINGLE_PREFIX)) return addSingle(text);
    if (text.startsWith(UR_PREFIX)) return this.#addPart(text);
    return failure('QR_FOREIGN', 'this is not a Tallystick code');
  }

  #addPart(text: string): QrResult {
    const part = decodePart(text);
    if (part === null) return failure('QR_DAMAGED', 'this part of an animated code is damaged');
    if (part.parts > PARTS_MAX || part.messageBytes > LIMITS.frameBytes) {
      return failure(
        'QR_OVERSIZED',
        `an animated code has at most ${PARTS_MAX} parts and ${LIMITS.frameBytes} bytes`,
      );
    }
    const decoder = this.#decoderFor(part);
    // The sender cannot know that we are done, and goes on showing parts.
    if (this.#frame !== null) return done(this.#frame);
    if (!decoder.add(part)) return this.#conflict();
    if (decoder.progress < 1) return { ok: true, value: { progress: decoder.progress } };
    this.#frame = decoder.message();
    return this.#frame === null ? this.#conflict() : done(this.#frame);
  }

  #decoderFor(part: Part): FountainDecoder {
    if (this.#decoder?.takes(part)) return this.#decoder;
    this.#frame = null;
    this.#decoder = new FountainDecoder(part);
    return this.#decoder;
  }

  #conflict(): QrResult {
    this.#decoder = null;
    return failure('QR_CONFLICT', 'the parts do not belong together; scan the code again');
  }
}

/** Whether a text says that it is one of our codes; it may be damaged, or not ours for all that. */
export function isOurs(text: string): boolean {
  return text.startsWith(SINGLE_PREFIX) || text.startsWith(UR_PREFIX);
}

function addSingle(text: string): QrResult {
  const frame = decodeBase45(text.slice(SINGLE_PREFIX.length));
  return frame === null || frame.length === 0
    ? failure('QR_DAMAGED', 'this code is damaged or was cut short')
    : done(frame);
}

/** A copy: the caller may write to it, and the next scan of a finished code returns it again. */
function done(frame: Uint8Array): QrResult {
  return { ok: true, value: { done: frame.slice() } };
}

function failure(code: QrErrorCode, message: string): QrResult {
  return { ok: false, error: { code, message } };
}
