import { equal } from '@tallystick/protocol';
import { Inbox } from './inbox.ts';
import { receiveOnly, sendOnly } from './one-way.ts';
import { encodeQr, QrAssembler, type QrCode, type QrResult } from './qr.ts';
import type { Transport } from './transport.ts';

/** Draws a code until the next call, or clears the screen on null. */
export type ShowQr = (code: QrCode | null) => void;

/** A transport that is fed with the texts a camera reads. */
export interface QrScanner {
  readonly transport: Transport;
  /**
   * Takes the text of one scanned code, and says what came of it, for the screen. A camera reads a
   * still code many times a second: a frame equal to the one before it is received once.
   */
  readonly scanned: (text: string) => QrResult;
}

/** Shows each frame until the next one; nothing comes back. */
export function qrSender(show: ShowQr): Transport {
  return sendOnly(new Screen(show));
}

/** Receives the frames of a code somebody else shows. */
export function qrReceiver(): QrScanner {
  const camera = new Camera();
  return { transport: receiveOnly(camera), scanned: camera.scanned };
}

/** Two devices face to face, each with a screen and a camera: a request one way, a payment back. */
export function qrDuplex(show: ShowQr): QrScanner {
  const screen = new Screen(show);
  const camera = new Camera();
  const transport: Transport = {
    medium: MEDIUM,
    send: screen.send,
    receive: camera.receive,
    close: async () => {
      await screen.close();
      await camera.close();
    },
  };
  return { transport, scanned: camera.scanned };
}

const MEDIUM = 'screen';

class Screen {
  readonly medium = MEDIUM;
  readonly #show: ShowQr;
  #open = true;

  constructor(show: ShowQr) {
    this.#show = show;
  }

  readonly send = async (frame: Uint8Array): Promise<void> => {
    const code = encodeQr(frame);
    if (this.#open) this.#show(code);
  };

  readonly close = async (): Promise<void> => {
    if (this.#open) this.#show(null);
    this.#open = false;
  };
}

class Camera {
  readonly medium = MEDIUM;
  readonly #inbox = new Inbox();
  readonly #assembler = new QrAssembler();
  #last: Uint8Array = new Uint8Array();

  readonly scanned = (text: string): QrResult => {
    const result = this.#assembler.add(text);
    if (result.ok && 'done' in result.value) this.#deliver(result.value.done);
    return result;
  };

  readonly receive = (): Promise<Uint8Array | null> => this.#inbox.take();

  readonly close = async (): Promise<void> => this.#inbox.end();

  #deliver(frame: Uint8Array): void {
    if (!equal(frame, this.#last) && this.#inbox.put(frame)) this.#last = frame;
  }
}
