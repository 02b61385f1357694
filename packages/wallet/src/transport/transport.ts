import { LIMITS } from '@tallystick/protocol';

/**
 * A way for frames to reach the other device. Frames are opaque byte strings of 1 to
 * `LIMITS.frameBytes` bytes.
 *
 * A transport promises little, as no medium between two devices promises more: a frame may be lost,
 * repeated or damaged, and the link may end at any moment. What it does promise is that a received
 * frame is a copy nobody else writes to. Everything else is for the session above it (INV-TORN).
 */
export interface Transport {
  /**
   * `link`: frames go by themselves, in milliseconds. `screen`: somebody has to scan each one, so that a contact is
   * patient, shows nothing twice by itself, and shows nothing that the payment does not need. Read anew whenever it
   * matters: a link may join a contact that began on screens.
   */
  readonly medium: 'link' | 'screen';
  /**
   * Resolves when the medium has taken the frame, which does not mean that it arrives. A frame sent
   * over a link that has ended is lost without a word.
   * Throws a RangeError on a frame that is empty or too long: that is the caller's mistake.
   */
  send(frame: Uint8Array): Promise<void>;
  /** The next frame in order of arrival, or null once the link has ended and all was read. */
  receive(): Promise<Uint8Array | null>;
  /** Ends the link in both directions. Closing twice is harmless. */
  close(): Promise<void>;
}

/** Returns the frame, or throws a RangeError when it is empty or longer than `LIMITS.frameBytes`. */
export function checkFrame(frame: Uint8Array): Uint8Array {
  if (frame.length < 1 || frame.length > LIMITS.frameBytes) {
    throw new RangeError(`a frame has 1 to ${LIMITS.frameBytes} bytes, not ${frame.length}`);
  }
  return frame;
}
