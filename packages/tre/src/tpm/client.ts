import type { Bytes } from '@tallystick/protocol';
import { TpmFailure, TpmReader, TpmWriter } from './structures.ts';
import type { TpmTransport } from './transport.ts';

/** Command codes (TPM 2.0 Part 2, 6.5.2). */
export const TPM_CC = {
  createPrimary: 0x131,
  create: 0x153,
  load: 0x157,
  sign: 0x15d,
  unseal: 0x15e,
  flushContext: 0x165,
} as const;

const NO_SESSIONS = 0x8001;
const SESSIONS = 0x8002;
/** Authorises by an empty password: what protects these objects is the TPM, not a secret of ours. */
const PASSWORD_SESSION = new TpmWriter().u32(0x4000_0009).u16(0).u8(0).u16(0).done();
const SUCCESS = 0;
/** It is busy, or short of room for a moment: the same command may succeed (TPM_RC_RETRY, _YIELDED, _TESTING). */
const PASSING: ReadonlySet<number> = new Set([0x922, 0x908, 0x90a]);
const ATTEMPTS = 10;

export interface TpmCommand {
  readonly code: number;
  readonly handles?: readonly number[];
  /** How many of the handles are authorised; the first ones. */
  readonly authorised?: number;
  readonly parameters?: Bytes;
  /** How many handles the response begins with. */
  readonly givesHandles?: number;
}

export interface TpmResponse {
  readonly handles: readonly number[];
  readonly parameters: TpmReader;
}

/**
 * A TPM 2.0: sends commands one after the other and reads responses strictly. Every failure is a
 * {@link TpmFailure}; after one that leaves open what happened, the TPM is opened again.
 */
export class Tpm {
  readonly #transport: TpmTransport;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(transport: TpmTransport) {
    this.#transport = transport;
  }

  /** Rejects with TpmFailure. */
  run(command: TpmCommand): Promise<TpmResponse> {
    const mine = this.#turn.then(() => this.#exchange(command));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#transport.close();
  }

  async #exchange(command: TpmCommand): Promise<TpmResponse> {
    const bytes = encode(command);
    for (let attempt = 1; ; attempt++) {
      const response = await this.#transport.exchange(bytes);
      const code = codeOf(response);
      if (code === SUCCESS) return decode(command, response);
      if (!PASSING.has(code) || attempt === ATTEMPTS) {
        const name = `0x${code.toString(16)}`;
        const asked = `command 0x${command.code.toString(16)}`;
        throw new TpmFailure('TPM_REFUSED', `it answered ${asked} with ${name}`, code);
      }
    }
  }
}

function encode({ code, handles = [], authorised = 0, parameters }: TpmCommand): Bytes {
  const body = new TpmWriter();
  for (const handle of handles) body.u32(handle);
  if (authorised > 0) {
    body.u32(PASSWORD_SESSION.length * authorised);
    for (let count = 0; count < authorised; count++) body.bytes(PASSWORD_SESSION);
  }
  body.bytes(parameters ?? new Uint8Array(0));
  const rest = body.done();
  const tag = authorised > 0 ? SESSIONS : NO_SESSIONS;
  return new TpmWriter()
    .u16(tag)
    .u32(10 + rest.length)
    .u32(code)
    .bytes(rest)
    .done();
}

function codeOf(response: Bytes): number {
  const header = new TpmReader(response);
  header.u16();
  if (header.u32() !== response.length) {
    throw new TpmFailure('TPM_MALFORMED', 'its response has another length than it says');
  }
  return header.u32();
}

function decode({ authorised = 0, givesHandles = 0 }: TpmCommand, response: Bytes): TpmResponse {
  const reader = new TpmReader(response);
  const tag = reader.u16();
  reader.bytes(8);
  const handles = Array.from({ length: givesHandles }, () => reader.u32());
  if (authorised === 0) return { handles, parameters: reader };
  if (tag !== SESSIONS) throw new TpmFailure('TPM_MALFORMED', 'its response lacks the sessions');
  // The sessions that follow the parameters say nothing where passwords authorise.
  return { handles, parameters: new TpmReader(reader.bytes(reader.u32())) };
}
