import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Bytes, Credential, Introduction } from '@tallystick/protocol';
import type { EffectAnswer } from '@tallystick/trusted-app';
import type { Attester } from '../port.ts';
import { within } from '../within.ts';
import {
  type Call,
  decodeResponse,
  encodeRequest,
  type MessagePort,
  type Request,
  type Response,
} from './port.ts';
import { processPort } from './process-port.ts';

/** The slowest command hashes a PIN; an element that is silent for longer is dead. */
const PATIENCE_MS = 60_000;

/** The line to an element's process: one request, one response, in bounded time. */
export class Line implements Attester {
  readonly #child: ChildProcess;
  readonly #port: MessagePort;
  readonly #ended: Promise<unknown>;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#port = processPort(child);
    this.#ended = once(child, 'exit').catch(() => undefined);
  }

  async ask(request: Request): Promise<Response> {
    this.#port.send(encodeRequest(request));
    const response = decodeResponse(await this.#next());
    if (response.kind !== 4) return response;
    throw new Error(`the isolated element ended: ${response.message}`);
  }

  async introduce(): Promise<Introduction | null> {
    const response = await this.ask({ kind: 3 });
    if (response.kind === 5) return response.introduction;
    throw new Error('the element did not introduce itself');
  }

  async activate(credential: Credential): Promise<Bytes | null> {
    const response = await this.ask({ kind: 4, credential });
    if (response.kind === 6) return response.challenge;
    throw new Error('the element did not say what the credential holds');
  }

  /** Asks, and answers whatever is asked back, until the response. */
  async converse(
    request: Request,
    answer: (call: Call) => Promise<EffectAnswer>,
  ): Promise<Response> {
    let response = await this.ask(request);
    while (response.kind === 2) {
      response = await this.ask({ kind: 2, answer: await answer(response.call) });
    }
    return response;
  }

  #next(): Promise<Bytes> {
    const late = (): Error => new Error('the isolated element does not answer');
    return within(PATIENCE_MS, this.#port.receive(), late);
  }

  /** Ends the process: it keeps nothing that is not stored. */
  async hangUp(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
