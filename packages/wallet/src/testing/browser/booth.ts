import { Chromium, makeProfile, removeProfile } from '@tallystick/tre/testing/chromium';
import type { Page } from 'playwright-core';
import { type FrameSize, Lens, LiveCamera } from '../camera/index.ts';
import type { PageApp } from '../page-app.ts';

const SMALL: FrameSize = { width: 640, height: 480 };

/** In the page, this is the app. */
declare const app: PageApp;

/** One person's device: a browser of its own with the test page in it, and perhaps a camera that others can aim. */
export class Booth {
  readonly page: Page;
  readonly #chromium: Chromium;
  readonly #profile: string;
  readonly #camera: LiveCamera | null;
  #lens: Lens | null = null;

  private constructor(page: Page, chromium: Chromium, profile: string, camera: LiveCamera | null) {
    this.page = page;
    this.#chromium = chromium;
    this.#profile = profile;
    this.#camera = camera;
  }

  static async withCamera(url: string, size: FrameSize = SMALL): Promise<Booth> {
    const camera = await LiveCamera.make(size);
    return Booth.#open(url, camera.flags, camera);
  }

  /** @param flags what kind of camera it has instead */
  static withFlags(url: string, flags: readonly string[]): Promise<Booth> {
    return Booth.#open(url, flags, null);
  }

  static async #open(
    url: string,
    flags: readonly string[],
    camera: LiveCamera | null,
  ): Promise<Booth> {
    const profile = await makeProfile();
    const chromium = await Chromium.start(profile, flags);
    const page = await chromium.newPage();
    await page.setViewportSize({ width: 480, height: 460 });
    await page.goto(url);
    return new Booth(page, chromium, profile, camera);
  }

  /** Has the page do something. */
  ask<K extends keyof PageApp>(
    deed: K,
    ...given: Parameters<PageApp[K]>
  ): Promise<Awaited<ReturnType<PageApp[K]>>> {
    type Deed = (...args: unknown[]) => Promise<Awaited<ReturnType<PageApp[K]>>>;
    const asked = { deed, given: given as readonly unknown[] };
    return this.page.evaluate(
      ({ deed: name, given: args }) => (app[name] as unknown as Deed)(...args),
      asked,
    );
  }

  /** The holder says yes to the camera. Before that, a browser that nobody sees refuses it. */
  async allowCamera(): Promise<void> {
    const { origin } = new URL(this.page.url());
    await this.page.context().grantPermissions(['camera'], { origin });
  }

  /** Points its camera at what a booth shows: another's, or its own. */
  watch(other: Booth): void {
    if (this.#camera === null) throw new Error('there is no camera to point');
    this.#lens = new Lens(this.#camera, other.page.locator('svg'));
  }

  async lookAway(): Promise<void> {
    await this.#lens?.stop();
    this.#lens = null;
  }

  /** Closes several: none is taken away while another still looks at it. */
  static async closeAll(booths: readonly Booth[]): Promise<void> {
    for (const booth of booths) await booth.lookAway();
    await Promise.all(booths.map((booth) => booth.#close()));
  }

  async #close(): Promise<void> {
    await this.#chromium.kill();
    await removeProfile(this.#profile);
    await this.#camera?.dispose();
  }
}
