import { Chromium, makeProfile, removeProfile } from '@tallystick/tre/testing/chromium';
import { FILLED } from './phone.ts';
import type { FrameLocator, Locator, Page } from 'playwright-core';

/** Devices share the machine with other tests. */
const SIGHT_MS = 60_000;
const TRIES = 6;
const PIN = '2468';

/** The playground in a browser, and somebody before it. */
export class Tabletop {
  readonly #url: string;
  readonly #profile: string;
  #chromium: Chromium;
  #page: Page;

  private constructor(url: string, profile: string, chromium: Chromium, page: Page) {
    this.#url = url;
    this.#profile = profile;
    this.#chromium = chromium;
    this.#page = page;
  }

  static async open(url: string): Promise<Tabletop> {
    const profile = await makeProfile();
    const chromium = await Chromium.start(profile);
    return new Tabletop(url, profile, chromium, await pageAt(chromium, url));
  }

  get page(): Page {
    return this.#page;
  }

  /** Kills the browser, and starts it again on what it has kept. */
  async restart(): Promise<void> {
    await this.#chromium.kill();
    this.#chromium = await Chromium.start(this.#profile);
    this.#page = await pageAt(this.#chromium, this.#url);
  }

  /** Takes a device's page away in the middle of whatever it does, and opens it again. */
  async restartTab(device: string): Promise<void> {
    const frame = this.page.locator(`iframe[title="${device}"]`);
    await frame.evaluate(AGAIN);
  }

  /** What is on a device's screen. */
  on(device: string): OnDevice {
    return new OnDevice(this.page.frameLocator(`iframe[title="${device}"]`));
  }

  press(name: string): Promise<void> {
    return this.page.getByRole('button', { name, exact: true }).click();
  }

  /** What lies on the table about one device: its switch, and what others can do to it. */
  about(device: string): ReturnType<Page['getByRole']> {
    return this.page.getByRole('region', { name: device, exact: true });
  }

  async setNetwork(device: string, isOn: boolean): Promise<void> {
    const wanted = this.about(device).getByRole('switch', { checked: isOn });
    if (!(await wanted.isVisible())) await this.about(device).getByRole('switch').click();
    await wanted.waitFor({ timeout: SIGHT_MS });
  }

  /** Opens what a thief or the bank can do to a device. */
  async lookAtThreats(device: string): Promise<void> {
    await this.about(device).getByText('What a thief or the bank can do').click();
  }

  see(text: string | RegExp): Promise<void> {
    return this.page.getByText(text).first().waitFor({ timeout: SIGHT_MS });
  }

  /** What has gone between the devices, the newest first, as the page tells it. */
  async wire(): Promise<readonly string[]> {
    const lines = await this.page.locator('.wire summary').allInnerTexts();
    return lines.map((line) => line.replaceAll(/\s+/g, ' ').trim());
  }

  async close(): Promise<void> {
    await this.#chromium.kill();
    await removeProfile(this.#profile);
  }
}

const isThere = (found: Locator): Promise<boolean> =>
  found.waitFor({ timeout: SIGHT_MS / TRIES }).then(
    () => true,
    () => false,
  );

/** What is on the screen until the new page is there is the old one's. */
const AGAIN = `(frame) => new Promise((resolve) => {
  frame.addEventListener('load', resolve, { once: true });
  frame.src = frame.src;
})`;

async function pageAt(chromium: Chromium, url: string): Promise<Page> {
  const page = await chromium.newPage();
  await page.setViewportSize({ width: 1500, height: 1000 });
  page.setDefaultTimeout(SIGHT_MS);
  // Apps in frames take their time, and are waited for where they are used.
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  return page;
}

/** One device's app. */
export class OnDevice {
  readonly #frame: FrameLocator;

  constructor(frame: FrameLocator) {
    this.#frame = frame;
  }

  press(name: string | RegExp): Promise<void> {
    return this.#frame.getByRole('button', { name, exact: true }).click();
  }

  /** Goes home from wherever it is, also when another page still has the purse. */
  async goHome(): Promise<void> {
    const home = this.#frame.getByText('On this phone', { exact: true });
    const onwards = this.#frame
      .getByRole('link', { name: /^(Back|Cancel)$/ })
      .or(this.#frame.getByRole('button', { name: 'Done', exact: true }))
      .or(this.#frame.locator('footer').getByRole('button', { name: 'Try again', exact: true }));
    while (!(await home.isVisible())) {
      await home.or(onwards).first().waitFor({ timeout: SIGHT_MS });
      // It may be home by now, or on its way.
      if (await onwards.first().isVisible())
        await onwards
          .first()
          .click({ timeout: 2_000 })
          .catch(() => undefined);
    }
  }

  go(name: string): Promise<void> {
    return this.#frame.getByRole('link', { name, exact: true }).click();
  }

  async see(text: string | RegExp): Promise<void> {
    await this.#frame
      .getByText(text)
      .first()
      .waitFor({ timeout: SIGHT_MS })
      .catch(async () => {
        throw new Error(`the device does not say ${text}, but: ${await this.text()}`);
      });
  }

  async text(): Promise<string> {
    return (await this.#frame.locator('body').innerText()).replaceAll(/\s+/g, ' ');
  }

  /**
   * Presses a button, unless the other comes up in its place: then what the device says. Where neither does, what led
   * to them is done again: an app that was opened a moment ago may not have heeded it yet.
   */
  async pressUnless(
    name: RegExp,
    other: string,
    again: () => Promise<void>,
  ): Promise<string | null> {
    const [button, instead] = [name, other].map((each) =>
      this.#frame.getByRole('button', { name: each, exact: true }),
    );
    if (button === undefined || instead === undefined) throw new Error('two buttons are needed');
    const either = button.or(instead).first();
    for (let tries = 1; !(await isThere(either)); tries++) {
      if (tries === TRIES) throw new Error(`the device says neither, but: ${await this.text()}`);
      await again();
    }
    if (await instead.isVisible()) return this.text();
    await button.click();
    return null;
  }

  /**
   * Makes the purse, with what the wallet proposes, and waits until the bank has filled it. One device after another:
   * what is typed goes where the page's one focus is.
   */
  async enrol(): Promise<void> {
    for (const label of ['A PIN for larger amounts', 'The same PIN again']) {
      await this.#frame.getByLabel(label).fill(PIN);
    }
    await this.press('Open my purse');
    await this.see(FILLED);
  }

  /** Sets up a till, with what the terminal proposes. */
  async openTill(): Promise<void> {
    await this.#frame.getByLabel('Name of the shop').fill('Kiosk');
    for (const label of ['A PIN for cashiers', 'The same PIN again']) {
      await this.#frame.getByLabel(label).fill(PIN);
    }
    await this.press('Open the till');
    await this.see('Kiosk, Till 1');
  }

  /** Charges that many minor units. */
  async charge(digits: string, shown: string): Promise<void> {
    for (const digit of digits) await this.press(digit);
    await this.press(`Charge ${shown}`);
    await this.see('Show this to the customer');
  }

  /** Asks for that many minor units, on the keys of the screen. */
  async ask(digits: string): Promise<void> {
    await this.go('Get paid');
    for (const digit of digits) await this.press(digit);
    await this.press('Show my code');
    await this.see('Let the payer scan it.');
  }
}
