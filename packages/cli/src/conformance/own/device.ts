import { join } from 'node:path';
import {
  attempt,
  type Bytes,
  decodeFrame,
  encodeCbor,
  type Seconds,
  sha256,
  unwrap,
} from '@tallystick/protocol';
import { type Element, openElement } from '@tallystick/tre';
import { nativeVerifier, openPlainHost, PLAIN_PROCESS } from '@tallystick/tre/plain-process';
import {
  createWallet,
  type PendingStore,
  type Terminal,
  type Timer,
  type Wallet,
  type WalletFailure,
  type WalletResult,
} from '@tallystick/wallet';
import { Desk } from './desk.ts';
import { fileStore } from './file-store.ts';
import { Wire } from './wire.ts';

/** Opens the purse in a folder; faulty variants have another way. */
export type OpenElement = (directory: string, clock: () => Seconds) => Promise<Element>;

/** No image is measured here, where the trusted application is this program's own code: it stands for itself. */
const IDENTITY = {
  environment: PLAIN_PROCESS,
  measurement: sha256(encodeCbor('own wallet of the conformance runner')),
};

export const openPlain: OpenElement = async (directory, clock) =>
  unwrap(await openElement(unwrap(await openPlainHost({ directory, clock })), IDENTITY));

const TERMINAL = 'conformance/terminal';
const YEAR = 365 * 86_400;

/** What an order came to. */
export interface Outcome {
  readonly code: string | null;
  readonly out: readonly Bytes[];
}

/** A contact with the other device that is open. */
interface Contact {
  readonly wire: Wire;
  /** The code the wallet ended it with, or null; resolves when it is over. */
  readonly over: Promise<string | null>;
}

/** A wallet on its storage, with the contact, the errand and the till that are open. */
export class Device {
  readonly wallet: Wallet;
  readonly desk: Desk = new Desk();
  readonly #element: Element;
  readonly #store: PendingStore;
  #contact: Contact | null = null;
  /** What the wallet does on the errand it was sent on. */
  #errand: Promise<string | null> | null = null;
  #terminal: Terminal | null = null;

  private constructor(element: Element, store: PendingStore, timer: Timer) {
    this.#element = element;
    this.#store = store;
    this.wallet = createWallet({
      element,
      backend: this.desk,
      pendingStore: store,
      timer,
      verify: nativeVerifier(64),
    });
  }

  static async open(
    folder: string,
    clock: () => Seconds,
    openElement: OpenElement,
  ): Promise<Device> {
    const element = await openElement(join(folder, 'purse'), clock);
    const store = await fileStore(join(folder, 'wallet'));
    // Nothing here takes time: a contact waits for the next order, however long that takes.
    const never = new Promise<void>(() => undefined);
    const timer = { now: clock, after: () => ({ rang: never, cancel: () => undefined }) };
    const device = new Device(element, store, timer);
    if ((await store.get(TERMINAL)) !== null) await device.openTill(null);
    return device;
  }

  async close(): Promise<void> {
    await this.hangUp();
    await this.#element.close();
  }

  /** Begins an errand with the backend; what the wallet sends on it. */
  async begin(sent: Promise<Bytes>, work: Promise<WalletResult<unknown>>): Promise<Outcome> {
    const over = work.then(codeOf);
    const first = await Promise.race([sent.then((bytes) => ({ bytes })), over]);
    // Over before anything was sent: the purse refused.
    if (first === null || typeof first === 'string') return { code: first, out: [] };
    this.#errand = over;
    return { code: null, out: [first.bytes] };
  }

  /** Answers the errand under way. */
  async reply(body: Bytes | null): Promise<Outcome> {
    const errand = this.#errand;
    if (errand === null) return { code: 'nothing was asked', out: [] };
    this.#errand = null;
    this.desk.reply(body);
    const code = await errand;
    // That nothing came back was the order, and no refusal.
    return { code: body === null ? null : code, out: [] };
  }

  /** Opens a contact, perhaps with a first frame that is there already. */
  async meet(
    work: (wire: Wire) => Promise<WalletResult<unknown>>,
    first: Bytes | null = null,
    refusal: () => string | null = () => null,
  ): Promise<Outcome> {
    const wire = new Wire();
    if (first !== null) wire.put(first);
    const over = work(wire).then((result) => (result.ok ? null : (refusal() ?? codeOf(result))));
    this.#contact = { wire, over };
    return this.#settle(this.#contact);
  }

  /** A frame of the other device. */
  async deliver(frame: Bytes): Promise<Outcome> {
    if (this.#contact !== null) {
      this.#contact.wire.put(frame);
      return this.#settle(this.#contact);
    }
    const read = attempt(() => decodeFrame(frame));
    if (this.#terminal !== null && read.ok && read.value.kind === 2) {
      return this.#ring(this.#terminal, frame);
    }
    return this.meet((wire) => this.wallet.answer(wire), frame);
  }

  /** Ends the contact that is open: nothing more comes. */
  async hangUp(): Promise<Outcome> {
    const contact = this.#contact;
    this.#contact = null;
    if (contact === null) return { code: null, out: [] };
    contact.wire.end();
    return { code: await contact.over, out: contact.wire.takeSent() };
  }

  /** Opens the till on its static code; the code. */
  async openTill(amount: bigint | null): Promise<Outcome> {
    const opened = await this.wallet.terminal({ amount, validSeconds: YEAR });
    if (!opened.ok) return { code: codeOf(opened), out: [] };
    await this.#store.put(TERMINAL, new Uint8Array(1));
    this.#terminal = opened.value;
    return { code: null, out: [opened.value.code] };
  }

  async #ring(terminal: Terminal, frame: Bytes): Promise<Outcome> {
    const event = await terminal.take(frame);
    if (!event.ok) return { code: codeOf(event), out: [] };
    return { code: event.value?.kind === 'refused' ? event.value.code : null, out: [] };
  }

  /** What a contact sent once it waits, and its code once it is over. */
  async #settle({ wire, over }: Contact): Promise<Outcome> {
    await Promise.race([over, wire.quiet()]);
    const out = wire.takeSent();
    if (!wire.isOver) return { code: null, out };
    this.#contact = null;
    return { code: await over, out };
  }
}

/** The code of a failure; where another side refused, its word for it. */
export function codeOf(result: WalletResult<unknown>): string | null {
  return result.ok ? null : wordOf(result.error);
}

function wordOf({ code, reason }: WalletFailure): string {
  return reason ?? code;
}
