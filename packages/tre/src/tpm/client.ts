import { setTimeout as pause } from 'node:timers/promises';
import type { Bytes } from '@tallystick/protocol';
import { CC } from './constants.ts';
import { TpmFailure, TpmReader, TpmWriter } from './structures.ts';
import type { TpmTransport } from './transport.ts';

const NO_SESSIONS = 0x8001;
const SESSIONS = 0x8002;
const SUCCESS = 0;
/** It is busy, or short of room for a moment: the same command may succeed (TPM_RC_RETRY, _YIELDED, _TESTING). */
const PASSING: ReadonlySet<number> = new Set([0x922, 0x908, 0x90a]);
const ATTEMPTS = 10;
/** Before the second attempt; twice as long before each that follows, a second in all. */
const PAUSE_MS = 2;

export interface TpmCommand {
  readonly code: number;
  readonly handles?: readonly number[];
  /**
   * What authorises the first of the handles, one each: a policy session, which ends with the command, or
   * an empty password: what protects these objects is the TPM, not a secret of ours.
   */
  readonly sessions?: readonly number[];
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

  /** Makes room: forgets a loaded object or a session. */
  async flush(handle: number): Promise<void> {
    await this.run({ code: CC.flushContext, parameters: new TpmWriter().u32(handle).done() });
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
      await pause(PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}

function encode({ code, handles = [], sessions = [], parameters }: TpmCommand): Bytes {
  const body = new TpmWriter();
  for (const handle of handles) body.u32(handle);
  const authorisations = new TpmWriter();
  // Neither needs a nonce, an attribute or a MAC.
  for (const session of sessions) authorisations.u32(session).u16(0).u8(0).u16(0);
  const area = authorisations.done();
  if (area.length > 0) body.u32(area.length).bytes(area);
  body.bytes(parameters ?? new Uint8Array(0));
  const rest = body.done();
  const tag = area.length > 0 ? SESSIONS : NO_SESSIONS;
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

function decode({ sessions = [], givesHandles = 0 }: TpmCommand, response: Bytes): TpmResponse {
  const reader = new TpmReader(response);
  const tag = reader.u16();
  reader.bytes(8);
  const handles = Array.from({ length: givesHandles }, () => reader.u32());
  if (sessions.length === 0) return { handles, parameters: reader };
  if (tag !== SESSIONS) throw new TpmFailure('TPM_MALFORMED', 'its response lacks the sessions');
  // The sessions that follow the parameters say nothing without MACs.
  return { handles, parameters: new TpmReader(reader.bytes(reader.u32())) };
}
