import { type Bytes, type SignedImage, unwrap } from '@tallystick/protocol';
import { testScheme } from '@tallystick/trusted-app/testing';
import type { Frame, Worker } from 'playwright-core';
import { ExaminedPurse } from '../../conformance/purse.ts';
import { bundleForBrowser } from '../../site/index.ts';
import { testImage } from '../image.ts';
import type { Intruder } from '../page-intruder.ts';
import { AppPage } from './app-page.ts';
import { Chromium, makeProfile, removeProfile } from './chromium.ts';
import { type Sites, startSites } from './sites.ts';

const INTRUDER = new URL('../page/intruder/main.ts', import.meta.url);
const scheme = testScheme();

/** A page, frame or worker. */
type Place = Pick<Worker, 'evaluate'>;

/** In a place, once the intruder is in it. */
declare const intruder: Intruder;

/** What a test in a browser needs: a profile, an app, its element, and what an intruder would run. */
export class BrowserLab {
  readonly profile: string;
  readonly sites: Sites;
  readonly #intruder: string;
  chromium: Chromium;

  private constructor(profile: string, sites: Sites, intruding: Bytes, chromium: Chromium) {
    this.profile = profile;
    this.sites = sites;
    this.#intruder = new TextDecoder().decode(intruding);
    this.chromium = chromium;
  }

  static async start(elementHost?: '127.0.0.1' | 'localhost'): Promise<BrowserLab> {
    const profile = await makeProfile();
    const sites = await startSites(elementHost);
    const intruding = await bundleForBrowser(INTRUDER);
    return new BrowserLab(profile, sites, intruding, await Chromium.start(profile));
  }

  page(): Promise<AppPage> {
    return AppPage.open(this.chromium, this.sites);
  }

  /** A page of the other app that may use the element. */
  neighbour(): Promise<AppPage> {
    return AppPage.open(this.chromium, { ...this.sites, app: this.sites.neighbour });
  }

  /** The browser comes back on the same profile, once it has ended. */
  async restart(): Promise<void> {
    this.chromium = await Chromium.start(this.profile);
  }

  async stop(): Promise<void> {
    await this.chromium.kill();
    await this.sites.stop();
    await removeProfile(this.profile);
  }

  /** Puts the intruder in. */
  async intrude<P extends Place>(place: P): Promise<P> {
    await place.evaluate(this.#intruder);
    return place;
  }

  /** Works inside the element's origin, as only a debugger can, in a frame of its own. */
  async insideElement<T>({ page }: AppPage, work: (frame: Frame) => Promise<T>): Promise<T> {
    const address = `${this.sites.element.url}/element.html`;
    const added = page.waitForEvent('framenavigated', (frame) => frame.url() === address);
    await page.evaluate(`{
      const made = document.createElement('iframe');
      made.id = 'intruded';
      made.src = ${JSON.stringify(address)};
      document.body.append(made);
    }`);
    const frame = await this.intrude(await added);
    try {
      return await work(frame);
    } finally {
      await page.evaluate("document.getElementById('intruded').remove()");
    }
  }
}

/** Does with the intruder what a test asks, wherever it is in. */
export function asIntruder<K extends keyof Intruder>(
  place: Place,
  deed: K,
  ...given: Parameters<Intruder[K]>
): Promise<Awaited<ReturnType<Intruder[K]>>> {
  type Deed = (...args: unknown[]) => Promise<Awaited<ReturnType<Intruder[K]>>>;
  const asked = { deed, given: given as readonly unknown[] };
  return place.evaluate(
    ({ deed: name, given: args }) => (intruder[name] as unknown as Deed)(...args),
    asked,
  );
}

/** Which purse, and where. */
export interface Where {
  readonly purse: string;
  readonly isFramed: boolean;
}

/** A purse in a page with that much money; open. */
export async function purseWith(
  page: AppPage,
  where: Where,
  amount: bigint,
): Promise<ExaminedPurse> {
  const made = await purseOn(page, where, await testImage());
  made.certificate = made.participant.certify(await made.prepare());
  await made.get(made.personalisation(scheme, made.certificate), 0);
  if (amount > 0n) await made.load(amount);
  return made;
}

/** A purse that a page opens, on whatever is there. */
export async function purseOn(
  page: AppPage,
  where: Where,
  image?: SignedImage,
): Promise<ExaminedPurse> {
  const given = image === undefined ? where : { ...where, image };
  const specimen = { open: () => page.purse(given), dispose: () => Promise.resolve() };
  return new ExaminedPurse(specimen, scheme.participants[0], unwrap(await specimen.open()));
}

/** As storage names the purse of a {@link Where}, in its origin. */
export function databaseOf({ app }: Sites, { purse, isFramed }: Where): string {
  return isFramed ? `tallystick virtual-se ${app.url} ${purse}` : `tallystick keys-only ${purse}`;
}
