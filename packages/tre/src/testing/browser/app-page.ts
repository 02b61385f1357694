import {
  type Bytes,
  encodeSignedImage,
  fromHex,
  type Result,
  type Seconds,
  type SignedImage,
  toHex,
} from '@tallystick/protocol';
import type { Page, Worker } from 'playwright-core';
import type { Element } from '../../port.ts';
import { TEST_PUBLISHER } from '../image.ts';
import type { PageApp, PageOptions } from '../page-app.ts';
import { CHEAP_STRETCH } from '../plain-specimen.ts';
import type { Chromium } from './chromium.ts';
import { publisherIn, type Sites } from './sites.ts';

/** In the page, this is the app. */
declare const app: PageApp;

export interface PurseInPage {
  readonly purse: string;
  /** Whether it is in the element; else in the app's own page. */
  readonly isFramed: boolean;
  readonly image?: SignedImage;
  readonly clock?: () => Seconds | null;
  readonly patienceMs?: number;
  readonly isAttested?: boolean;
}

/** A page of the app in a browser, and its purses as a test outside asks for them. */
export class AppPage {
  readonly page: Page;
  readonly #sites: Sites;

  private constructor(page: Page, sites: Sites) {
    this.page = page;
    this.#sites = sites;
  }

  static async open(chromium: Chromium, sites: Sites): Promise<AppPage> {
    const page = await chromium.newPage();
    await page.goto(sites.app.url);
    return new AppPage(page, sites);
  }

  /** Opens a purse, and says with which code it is refused where it is. */
  async purse(wanted: PurseInPage): Promise<Result<PageElement>> {
    const { purse, isFramed, image, clock = () => null } = wanted;
    const { patienceMs = 60_000, isAttested = false } = wanted;
    const options: PageOptions = {
      element: isFramed ? this.#sites.element.url : null,
      purse,
      image: image === undefined ? null : toHex(encodeSignedImage(image)),
      publisher: publisherIn(TEST_PUBLISHER),
      stretchCost: CHEAP_STRETCH,
      patienceMs,
      isAttested,
    };
    const started = isFramed ? this.#nextWorker() : null;
    const opened = await this.page.evaluate((given) => app.open(given), options);
    if (opened.code !== undefined) return { ok: false, error: opened };
    const element = new PageElement(this.page, opened, await started, clock);
    await element.tell(clock());
    return { ok: true, value: element };
  }

  /** The next worker that starts here; null where none does. */
  #nextWorker(): Promise<Worker | null> {
    return this.page.waitForEvent('worker').catch(() => null);
  }
}

/** An element in a page. */
export class PageElement implements Element {
  readonly #page: Page;
  readonly #handle: number;
  readonly #measurement: Bytes;
  /** Where it runs, unless that is the page itself. */
  readonly worker: Worker | null;
  readonly #clock: () => Seconds | null;
  /** What its clock was set to last. */
  #told: Seconds | null | undefined;

  constructor(
    page: Page,
    opened: { readonly handle: number; readonly measurement: string },
    worker: Worker | null,
    clock: () => Seconds | null,
  ) {
    this.#page = page;
    this.#handle = opened.handle;
    this.#measurement = bytes(opened.measurement);
    this.worker = worker;
    this.#clock = clock;
  }

  execute(command: Bytes): Promise<Bytes> {
    const time = this.#clock();
    // Commands that are given at once must arrive in that order: nothing to tell is nothing to wait for.
    if (time === this.#told) return this.#execute(command, time);
    return this.tell(time).then(() => this.#execute(command, time));
  }

  /** An element has a clock of its own, which only a debugger can set. */
  async tell(time: Seconds | null): Promise<void> {
    this.#told = time;
    await this.worker?.evaluate(`Date.now = () => ${(time ?? 0) * 1_000}`);
  }

  async #execute(command: Bytes, time: Seconds | null): Promise<Bytes> {
    const given = { handle: this.#handle, command: toHex(command), time };
    const reply = await this.#page.evaluate(
      ({ handle, command: asked, time: now }) => app.execute(handle, asked, now),
      given,
    );
    return bytes(reply);
  }

  async readLog(from: number, to: number): Promise<readonly Bytes[]> {
    const given = { handle: this.#handle, from, to };
    const entries = await this.#page.evaluate(
      ({ handle, from: first, to: last }) => app.readLog(handle, first, last),
      given,
    );
    return entries.map(bytes);
  }

  measurement(): Promise<Bytes> {
    return Promise.resolve(this.#measurement);
  }

  async close(): Promise<void> {
    await this.#page.evaluate((handle) => app.close(handle), this.#handle);
  }
}

function bytes(hex: string): Bytes {
  return fromHex(hex) ?? new Uint8Array(0);
}
