/** The app of tests in a browser: does what the test asks, bytes as hex. */
import {
  attempt,
  type Bytes,
  decodeSignedImage,
  encodeAttestation,
  fromHex,
  publicKey,
  type Result,
  toHex,
} from '@tallystick/protocol';
import { openFramedElement, openKeysOnlyInBrowser } from '../../browser/index.ts';
import type { Element } from '../../port.ts';
import type { OpenedInPage, PageApp, PageOptions } from '../page-app.ts';

const elements = new Map<number, Element>();
let lastHandle = 0;
let now: number | null = null;

const bytes = (hex: string): Bytes => fromHex(hex) ?? new Uint8Array(0);

function elementOf(handle: number): Element {
  const element = elements.get(handle);
  if (element === undefined) throw new RangeError(`nothing is open under ${handle}`);
  return element;
}

async function open(options: PageOptions): Promise<Result<Element>> {
  const { purse, patienceMs, stretchCost, isAttested } = options;
  const given =
    options.image === null ? null : attempt(() => decodeSignedImage(bytes(options.image ?? '')));
  if (given?.ok === false) return given;
  const image = given === null ? {} : { image: given.value };
  const evidence = isAttested ? { attest } : {};
  if (options.element !== null) {
    return openFramedElement({
      element: options.element,
      purse,
      patienceMs,
      ...image,
      ...evidence,
    });
  }
  const machine = await fetch('/machine.wasm');
  return openKeysOnlyInBrowser({
    purse,
    ...image,
    ...evidence,
    publisher: publicKey(options.publisher.alg, bytes(options.publisher.key)),
    machine: new Uint8Array(await machine.arrayBuffer()),
    clock: () => now,
    stretchCost,
  });
}

async function attest(binding: Bytes): Promise<Bytes> {
  return encodeAttestation({ kind: 2, attestationObject: binding, clientData: binding });
}

/** An error of the machine has the machine about it, which no debugger should be sent. */
function inWords(error: unknown): never {
  throw new Error(String(error));
}

const app: PageApp = {
  open: async (options): Promise<OpenedInPage> => {
    const opened = await open(options).catch(inWords);
    if (!opened.ok) return opened.error;
    lastHandle += 1;
    elements.set(lastHandle, opened.value);
    return { handle: lastHandle, measurement: toHex(await opened.value.measurement()) };
  },
  execute: async (handle, command, time) => {
    now = time;
    return toHex(await elementOf(handle).execute(bytes(command)));
  },
  readLog: async (handle, from, to) => (await elementOf(handle).readLog(from, to)).map(toHex),
  close: (handle) => elementOf(handle).close(),
};
Object.assign(globalThis, { app });
navigator.serviceWorker.register('/offline.js').catch(inWords);
