import {
  type Bytes,
  encodeSignedImage,
  err,
  ok,
  type Result,
  type SignedImage,
} from '@tallystick/protocol';
import type { Core } from '../../core.ts';
import { hostElement } from '../../element.ts';
import type { Element, Host } from '../../port.ts';
import type { OpenRequest } from './contract.ts';
import { ElementFrame, NoElement } from './frame.ts';

/** The slowest command hashes a PIN; an element that is silent for longer is dead. */
const PATIENCE_MS = 60_000;

export interface FramedElementOptions {
  /** Origin that serves the element, such as `https://element.example`: the files of `buildElementSite`. */
  readonly element: string;
  /** Tells this purse from others of this app. */
  readonly purse: string;
  /** An image to run from now on; without one, the image that ran last. The element knows its publisher. */
  readonly image?: SignedImage;
  /** Evidence of an authenticator over a binding (TS-ATT-1), for a scheme that believes one. */
  readonly attest?: (binding: Bytes) => Promise<Bytes>;
  /** Longest that any answer may take. */
  readonly patienceMs?: number;
}

/**
 * Opens a purse in a virtual secure element on another origin: the trusted application in a virtual machine
 * (QuickJS in WebAssembly), in a worker of a document that this page embeds and cannot look into. State, log and
 * keys are in that origin's storage, the state sealed under a key that the browser gives to nobody.
 *
 * What it stops is this page, gone bad, and every other origin. It does not stop who serves the element's origin,
 * extensions of the browser, who may debug it, or who reads the browser's profile, or puts an old one back.
 *
 * Fails with HARDWARE_FAILED (no element answers this app there), BUSY, STORAGE_FAILED, TAMPERED, and what an
 * image may be refused with (TS-IMG-2, TS-IMG-3).
 */
export async function openFramedElement(options: FramedElementOptions): Promise<Result<Element>> {
  const frame = new ElementFrame(options.element, options.patienceMs ?? PATIENCE_MS);
  try {
    await frame.embed();
    const opened = await open(frame, options);
    if (!opened.ok) frame.remove();
    return opened;
  } catch (error) {
    frame.remove();
    if (error instanceof NoElement) return err('HARDWARE_FAILED', error.message);
    throw error;
  }
}

async function open(
  frame: ElementFrame,
  { purse, image, attest }: FramedElementOptions,
): Promise<Result<Element>> {
  const bytes = image === undefined ? null : encodeSignedImage(image);
  const request: OpenRequest = { kind: 0, purse, image: bytes };
  const response = await frame.ask(request);
  if (response.kind === 1) {
    const { code, message } = response;
    return { ok: false, error: { code, message } };
  }
  if (response.kind !== 0) throw new Error('the element did not open');
  const { measurement } = response;
  const booted = ok({ core: coreIn(frame, attest), measurement, logEnd: 0 });
  return hostElement(storageIn(frame), () => booted);
}

/** The trusted application behind a frame: its effects are carried out there too. */
function coreIn(frame: ElementFrame, attest: FramedElementOptions['attest']): Core {
  return {
    command: async (command) => {
      let response = await frame.ask({ kind: 1, command });
      if (response.kind === 6) {
        const evidence = (await attest?.(response.binding)) ?? new Uint8Array(0);
        response = await frame.ask({ kind: 4, evidence });
      }
      if (response.kind !== 3) throw new Error('the element did not reply');
      return { reply: response.reply };
    },
    answer: () => Promise.reject(new TypeError('the element asked for nothing')),
  };
}

/** What there is to host here: nothing but a way to the log. */
function storageIn(frame: ElementFrame): Host {
  return {
    load: () => Promise.resolve({ state: null, logEnd: 0 }),
    truncateLog: () => Promise.resolve(),
    carryOut: async (effect) => {
      if (effect.kind !== 'read-log') throw new TypeError('the element has its own effects');
      const response = await frame.ask({ kind: 2, seq: effect.seq });
      if (response.kind !== 2) throw new Error('the element did not read its log');
      return response.entry;
    },
    close: () => frame.close(),
  };
}
