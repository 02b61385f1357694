import type { Bytes } from '@tallystick/protocol';
import { HardwareFailure } from '../node/hardware.ts';

/** Builds TPM structures: big-endian numbers, and byte strings behind their length (TPM 2.0 Part 2). */
export class TpmWriter {
  readonly #parts: number[] = [];

  u8(value: number): this {
    this.#parts.push(value & 0xff);
    return this;
  }

  u16(value: number): this {
    return this.u8(value >>> 8).u8(value);
  }

  u32(value: number): this {
    return this.u16(value >>> 16).u16(value);
  }

  u64(value: number): this {
    return this.u32(Math.floor(value / 0x1_0000_0000)).u32(value);
  }

  bytes(value: Bytes): this {
    for (const each of value) this.#parts.push(each);
    return this;
  }

  /** A TPM2B: two bytes of length, then the bytes. */
  sized(value: Bytes): this {
    return this.u16(value.length).bytes(value);
  }

  done(): Bytes {
    return Uint8Array.from(this.#parts);
  }
}

/** Reads TPM structures strictly: whatever a TPM says is bytes from outside. */
export class TpmReader {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  u8(): number {
    return this.bytes(1)[0] ?? 0;
  }

  u16(): number {
    return this.u8() * 0x100 + this.u8();
  }

  u32(): number {
    return this.u16() * 0x1_0000 + this.u16();
  }

  /** Throws TpmFailure for more than what counts exactly here, which no counter reaches. */
  u64(): number {
    const value = this.u32() * 0x1_0000_0000 + this.u32();
    if (Number.isSafeInteger(value)) return value;
    throw new TpmFailure('TPM_MALFORMED', 'a number is beyond all that is counted');
  }

  /** That many bytes. Throws TpmFailure where there are fewer. */
  bytes(length: number): Bytes {
    if (this.#at + length > this.#bytes.length) {
      throw new TpmFailure('TPM_MALFORMED', 'its response ends too early');
    }
    this.#at += length;
    return this.#bytes.slice(this.#at - length, this.#at);
  }

  sized(): Bytes {
    return this.bytes(this.u16());
  }

  end(): void {
    if (this.#at !== this.#bytes.length) {
      throw new TpmFailure('TPM_MALFORMED', 'its response is longer than what it says');
    }
  }
}

/** Why a TPM did not do what it was asked. */
export type TpmCode =
  /** It answered with a response code: it refused, or cannot. */
  | 'TPM_REFUSED'
  /** Its response is no response. */
  | 'TPM_MALFORMED'
  /** It did not answer in time, or is not there. */
  | 'TPM_UNREACHABLE';

/** A TPM that refused, answered nonsense, or did not answer. */
export class TpmFailure extends HardwareFailure {
  override readonly name = 'TpmFailure';
  readonly code: TpmCode;
  /** The response code, where it gave one. */
  readonly responseCode: number | null;

  constructor(code: TpmCode, message: string, responseCode: number | null = null) {
    super(message);
    this.code = code;
    this.responseCode = responseCode;
  }
}
