import { Chromium, makeProfile, removeProfile } from '@tallystick/tre/testing/chromium';
import { Lens, LiveCamera } from '@tallystick/wallet/testing/camera';
import type { Page } from 'playwright-core';

/** What a phone says when its purse is as full as it gets. */
export const FILLED = '€100.00 can be paid right now';

const SIZE = { width: 640, height: 480 };
const PERMISSIONS = ['camera', 'clipboard-read', 'clipboard-write'];
/** Browsers share the machine with other tests. */
const SIGHT_MS = 60_000;
const SCREEN = { width: 390, height: 844 };

/** Somebody's device: a browser of its own with an app in it, and a camera to hold before others' screens. */
export class Phone {
  readonly #profile: string;
  readonly #camera: LiveCamera;
  readonly #url: string;
  #chromium: Chromium;
  #page: Page;
  #lens: Lens | null = null;

  private constructor(
    url: string,
    profile: string,
    camera: LiveCamera,
    chromium: Chromium,
    page: Page,
  ) {
    this.#url = url;
    this.#profile = profile;
    this.#camera = camera;
    this.#chromium = chromium;
    this.#page = page;
  }

  static async open(url: string): Promise<Phone> {
    const camera = await LiveCamera.make(SIZE);
    const profile = await makeProfile();
    const chromium = await Chromium.start(profile, camera.flags);
    return new Phone(url, profile, camera, chromium, await pageAt(chromium, url));
  }

  get page(): Page {
    return this.#page;
  }

  /** Makes the purse, with what the wallet proposes, and waits until the bank has filled it. */
  async enrol(pin: string): Promise<void> {
    await this.#page.getByLabel('A PIN for larger amounts').fill(pin);
    await this.#page.getByLabel('The same PIN again').fill(pin);
    await this.press('Open my purse');
    await this.see(FILLED);
    await this.untilKept();
  }

  /** Waits until app and element have kept what they need without a network. */
  async untilKept(): Promise<void> {
    for (const frame of this.#page.frames()) {
      await frame.evaluate('navigator.serviceWorker.ready.then(() => true)');
    }
  }

  /** Another page of the app in the same browser. */
  another(): Promise<Page> {
    return pageAt(this.#chromium, this.#url);
  }

  async press(name: string): Promise<void> {
    await this.#page.getByRole('button', { name, exact: true }).click();
  }

  async go(name: string): Promise<void> {
    await this.#page.getByRole('link', { name, exact: true }).click();
  }

  /** Types an amount, in minor units, on the keys of the screen. */
  async type(digits: string): Promise<void> {
    for (const digit of digits) await this.press(digit);
  }

  /** Waits until it says this; what it says instead is told. */
  async see(text: string | RegExp): Promise<void> {
    const found = this.#page.getByText(text).first();
    await found.waitFor({ timeout: SIGHT_MS }).catch(async () => {
      throw new Error(`the phone does not say ${text}, but: ${await this.text()}`);
    });
  }

  /** All that it says now. */
  async text(): Promise<string> {
    return (await this.#page.locator('body').innerText()).replaceAll(/\s+/g, ' ');
  }

  /** What the newest payment's proof is, as it goes to whoever it is shared with. */
  async proofOfLast(): Promise<string> {
    await this.#page.locator('.list a').first().click();
    await this.press('Share the proof');
    await this.see('Copied');
    const text = (await this.#page.evaluate('navigator.clipboard.readText()')) as string;
    await this.#page.goto(`${this.#url}#/`);
    return text;
  }

  /** Holds the camera before another's code, and goes on doing so. */
  watch(other: Phone): void {
    this.#lens = new Lens(this.#camera, other.#page.locator('.code svg'));
  }

  async lookAway(): Promise<void> {
    await this.#lens?.stop();
    this.#lens = null;
  }

  /** Kills the browser, and starts it again on what it has kept. */
  async restart(): Promise<void> {
    await this.lookAway();
    await this.#chromium.kill();
    this.#chromium = await Chromium.start(this.#profile, this.#camera.flags);
    this.#page = await pageAt(this.#chromium, this.#url);
  }

  async close(): Promise<void> {
    await this.#chromium.kill();
    await this.lookAway().catch(() => undefined);
    await removeProfile(this.#profile);
    await this.#camera.dispose();
  }
}

async function pageAt(chromium: Chromium, url: string): Promise<Page> {
  await chromium.context.grantPermissions(PERMISSIONS, { origin: new URL(url).origin });
  const page = await chromium.newPage();
  await page.setViewportSize(SCREEN);
  await page.goto(url);
  return page;
}
