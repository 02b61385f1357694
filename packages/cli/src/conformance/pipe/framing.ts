import { type Bytes, concat } from '@tallystick/protocol';
import { BOUNDS } from '../limits.ts';

const HEAD_BYTES = 4;

/** A message as it goes over the pipe: its length in four bytes, big-endian, and itself (TS-CNF-2). */
export function framed(message: Bytes): Bytes {
  const head = new Uint8Array(HEAD_BYTES);
  new DataView(head.buffer).setUint32(0, message.length);
  return concat(head, message);
}

/** Thrown for a length that no message has; nothing after it can be read. */
export class FramingError extends Error {}

/** Takes a stream apart into messages, however it was cut. */
export class Deframer {
  #chunks: Bytes[] = [];
  #held = 0;

  /**
   * Adds what came; returns the messages that are complete now.
   *
   * @throws FramingError on a length of zero or over the bound, before anything of it is kept
   */
  take(chunk: Bytes): Bytes[] {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    const messages: Bytes[] = [];
    for (let next = this.#next(); next !== null; next = this.#next()) messages.push(next);
    return messages;
  }

  #next(): Bytes | null {
    if (this.#held < HEAD_BYTES) return null;
    const length = this.#length();
    if (length < 1 || length > BOUNDS.messageBytes) {
      throw new FramingError(`a message of ${length} bytes`);
    }
    if (this.#held < HEAD_BYTES + length) return null;
    const all = this.#joined();
    const rest = all.subarray(HEAD_BYTES + length);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#held = rest.length;
    return all.slice(HEAD_BYTES, HEAD_BYTES + length);
  }

  #length(): number {
    // The head may have come in pieces; what follows it is joined once, when all of it is there.
    if ((this.#chunks[0]?.length ?? 0) < HEAD_BYTES) this.#joined();
    const [first = new Uint8Array(HEAD_BYTES)] = this.#chunks;
    return new DataView(first.buffer, first.byteOffset, HEAD_BYTES).getUint32(0);
  }

  #joined(): Bytes {
    const all = concat(...this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
