import type { Bytes } from '@tallystick/protocol';
import { Mailbox } from '../../isolated/mailbox.ts';
import type { MessagePort as BytePort } from '../../isolated/port.ts';
import { within } from '../../within.ts';
import { channelPort } from './channel.ts';
import {
  decodeFrameResponse,
  encodeFrameRequest,
  type FrameRequest,
  type FrameResponse,
} from './contract.ts';
import { ENDED, HELLO, PORT } from './handshake.ts';

/** There is no element at that origin, or none that speaks to this app. */
export class NoElement extends Error {}

/** A hidden frame of the element's origin, and the line to the worker behind it. */
export class ElementFrame {
  readonly #origin: string;
  readonly #patienceMs: number;
  readonly #iframe: HTMLIFrameElement = document.createElement('iframe');
  readonly #mailbox: Mailbox = new Mailbox();
  readonly #handed: PromiseWithResolvers<BytePort> = Promise.withResolvers();
  #isGone = false;

  constructor(origin: string, patienceMs: number) {
    this.#origin = origin;
    this.#patienceMs = patienceMs;
  }

  /** Embeds the element. Rejects with {@link NoElement} where it hands over no port in time. */
  async embed(): Promise<void> {
    const iframe = this.#iframe;
    iframe.hidden = true;
    // It may run its scripts and use its own storage, and nothing else that a frame might do.
    iframe.sandbox.add('allow-scripts', 'allow-same-origin');
    iframe.src = `${this.#origin}/element.html`;
    iframe.addEventListener('load', () => {
      iframe.contentWindow?.postMessage(HELLO, this.#origin);
    });
    addEventListener('message', this.#heed);
    document.body.append(iframe);
    await this.#inTime(
      this.#handed.promise,
      () => new NoElement(`the element at ${this.#origin} does not answer`),
    );
  }

  readonly #heed = (event: MessageEvent<unknown>): void => {
    if (event.origin !== this.#origin || event.source !== this.#iframe.contentWindow) return;
    const [port] = event.ports;
    if (event.data === PORT && port !== undefined) {
      this.#handed.resolve(channelPort(port, this.#mailbox));
    }
    if (event.data === ENDED) this.#mailbox.end('the element has ended');
  };

  /** One request, one response, in bounded time. Rejects when the element is gone. */
  async ask(request: FrameRequest): Promise<FrameResponse> {
    try {
      return await this.#ask(request);
    } catch (error) {
      this.#isGone = true;
      throw error;
    }
  }

  async #ask(request: FrameRequest): Promise<FrameResponse> {
    const port = await this.#handed.promise;
    port.send(encodeFrameRequest(request));
    const late = (): Error => new Error('the element does not answer');
    const response = decodeFrameResponse(await this.#inTime<Bytes>(port.receive(), late));
    if (response.kind !== 4) return response;
    throw new Error(`the element ended: ${response.message}`);
  }

  #inTime<T>(work: Promise<T>, late: () => Error): Promise<T> {
    return within(this.#patienceMs, work, late);
  }

  /** Has the element finish, if it still answers. */
  async close(): Promise<void> {
    if (!this.#isGone) await this.ask({ kind: 3 }).catch(() => undefined);
    this.remove();
  }

  /** Ends the element at once: it keeps nothing that is not stored. */
  remove(): void {
    removeEventListener('message', this.#heed);
    this.#iframe.remove();
  }
}
