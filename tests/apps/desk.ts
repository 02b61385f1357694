import { Chromium, makeProfile, removeProfile } from '@tallystick/tre/testing/chromium';
import type { Page } from 'playwright-core';

const SCREEN = { width: 1280, height: 800 };
/** Browsers share the machine with other tests. */
const SIGHT_MS = 60_000;

/** Somebody's desk at the operator's: a browser with the console in it, and an authenticator that knows its holder. */
export class Desk {
  readonly #profile: string;
  readonly #chromium: Chromium;
  readonly page: Page;
  readonly #url: string;

  private constructor(url: string, profile: string, chromium: Chromium, page: Page) {
    this.#url = url;
    this.#profile = profile;
    this.#chromium = chromium;
    this.page = page;
  }

  static async open(url: string): Promise<Desk> {
    const profile = await makeProfile();
    const chromium = await Chromium.start(profile);
    const page = await chromium.newPage();
    await page.setViewportSize(SCREEN);
    const session = await chromium.context.newCDPSession(page);
    await session.send('WebAuthn.enable');
    await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await page.goto(url);
    return new Desk(url, profile, chromium, page);
  }

  /** Registers the first passkey there is. */
  async registerFirst(token: string, name: string): Promise<void> {
    await this.page.getByLabel('Operator token').fill(token);
    await this.page.getByLabel('Your name').fill(name);
    await this.press('Register a passkey');
    await this.at('Overview');
  }

  async signIn(): Promise<void> {
    await this.press('Sign in with a passkey');
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  async go(name: string): Promise<void> {
    await this.page.getByRole('link', { name, exact: true }).first().click();
  }

  /** Goes to an address in the console, as a bookmark does. */
  async visit(...path: readonly string[]): Promise<void> {
    await this.page.goto(`${this.#url}#/${path.join('/')}`);
  }

  /** Waits until it is in that room, with nothing under way. */
  async at(title: string): Promise<void> {
    const { page } = this;
    await page.getByRole('heading', { level: 1, name: title }).waitFor({ timeout: SIGHT_MS });
    await page.locator('.waiting').first().waitFor({ state: 'detached', timeout: SIGHT_MS });
  }

  /** Waits until it says this; what it says instead is told. */
  async see(text: string | RegExp): Promise<void> {
    const found = this.page.getByText(text).first();
    await found.waitFor({ timeout: SIGHT_MS }).catch(async () => {
      throw new Error(`the console does not say ${text}, but: ${await this.text()}`);
    });
  }

  /** All that it says now. */
  async text(): Promise<string> {
    return (await this.page.locator('body').innerText()).replaceAll(/\s+/g, ' ');
  }

  async close(): Promise<void> {
    await this.#chromium.kill();
    await removeProfile(this.#profile);
  }
}
