import { type ReadonlySignal, signal } from '@preact/signals';
import { EmbeddedApp } from '@tallystick/kit';
import type { DeviceSetting } from '../setting.ts';
import type { Deed } from '../thief/deeds.ts';
import { setNetwork } from './bank.ts';

/** How long an app in a frame may take to say which purse it has. */
const ANSWER_MS = 2_000;
/** How long a purse may take to let go of its storage, and a copy to be made. */
const DEED_MS = 20_000;

/** A device on the table, as whoever holds it and whoever has its files can treat it. */
export class Device {
  readonly setting: DeviceSetting;
  readonly #isReachable = signal(true);
  readonly #purse = signal<string | null>(null);
  readonly #isRunning = signal(true);
  readonly #hasCopy = signal(false);
  readonly #wasPutBack = signal(false);
  #frame: HTMLIFrameElement | null = null;

  constructor(setting: DeviceSetting) {
    this.setting = setting;
  }

  get isReachable(): ReadonlySignal<boolean> {
    return this.#isReachable;
  }
  /** Reference of its purse's certificate in hex; null before there is one. */
  get purse(): ReadonlySignal<string | null> {
    return this.#purse;
  }
  /** False while somebody else has its files. */
  get isRunning(): ReadonlySignal<boolean> {
    return this.#isRunning;
  }
  get hasCopy(): ReadonlySignal<boolean> {
    return this.#hasCopy;
  }

  /** Whether an old copy was put in place of what it had. */
  get wasPutBack(): ReadonlySignal<boolean> {
    return this.#wasPutBack;
  }

  /** Where its app is, once it is there. */
  seat(frame: HTMLIFrameElement): void {
    this.#frame = frame;
  }

  /** Takes the network away, or gives it back. False where that did not work. */
  async setReachable(wanted: boolean): Promise<boolean> {
    if (!(await setNetwork(this.setting.name, wanted))) return false;
    this.#isReachable.value = wanted;
    this.#app()?.tellNetwork(wanted);
    return true;
  }

  holdTo(port: MessagePort): void {
    this.#app()?.tap(port);
  }

  /** Asks the app which purse it has, and tells one that has started since whether there is a network. */
  async look(isReachable: boolean): Promise<void> {
    this.#isReachable.value = isReachable;
    this.#app()?.tellNetwork(isReachable);
    this.#purse.value = (await this.#app()?.purse(ANSWER_MS)) ?? null;
  }

  /** Copies what its element has stored. Null, or why not. */
  async steal(): Promise<string | null> {
    const failed = await this.#asThief('steal');
    if (failed === null) this.#hasCopy.value = true;
    return failed;
  }

  /** Puts back what was copied: everything is as it was then. Null, or why not. */
  async putBack(): Promise<string | null> {
    const failed = await this.#asThief('putBack');
    if (failed === null) this.#wasPutBack.value = true;
    return failed;
  }

  /** Like a real device whose files are copied, it is off meanwhile. */
  async #asThief(deed: Deed): Promise<string | null> {
    this.#isRunning.value = false;
    this.#frame = null;
    try {
      return await thieve(this.setting.element, deed);
    } finally {
      this.#isRunning.value = true;
    }
  }

  #app(): EmbeddedApp | null {
    return this.#frame === null ? null : new EmbeddedApp(this.#frame, this.setting.app);
  }
}

async function thieve(element: string, deed: Deed): Promise<string | null> {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.src = `${element}/thief.html`;
  const { port1, port2 } = new MessageChannel();
  try {
    return await new Promise((resolve) => {
      setTimeout(() => resolve('TIMED_OUT'), DEED_MS);
      port1.addEventListener('message', ({ data }: MessageEvent<unknown>) =>
        resolve(data === null || typeof data === 'string' ? data : 'UNREADABLE'),
      );
      port1.start();
      frame.addEventListener('load', () =>
        frame.contentWindow?.postMessage(deed, element, [port2]),
      );
      document.body.append(frame);
    });
  } finally {
    frame.remove();
    port1.close();
  }
}
