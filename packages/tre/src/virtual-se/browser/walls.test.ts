import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AppPage } from '../../testing/browser/app-page.ts';
import { skipChromium } from '../../testing/browser/chromium.ts';
import {
  asIntruder,
  BrowserLab,
  databaseOf,
  purseOn,
  purseWith,
} from '../../testing/browser/lab.ts';
import { Origin } from '../../testing/browser/origin.ts';
import type { ExaminedPurse } from '../../conformance/purse.ts';
import type { Sites } from '../../testing/browser/sites.ts';
import { testImage } from '../../testing/image.ts';
import { HELLO, PORT } from './handshake.ts';

const WHERE = { purse: 'walled', isFramed: true };
// Other tests may have the machine.
vi.setConfig({ testTimeout: 180_000 });

let lab: BrowserLab;
let page: AppPage;
let purse: ExaminedPurse;
let foreign: Origin;

beforeAll(async () => {
  if (skipChromium) return;
  lab = await BrowserLab.start();
  page = await lab.page();
  purse = await purseWith(page, WHERE, 12_345n);
  foreign = await Origin.start('127.0.0.1');
});

afterAll(async () => {
  if (skipChromium) return;
  await foreign.stop();
  await lab.stop();
});

function html(body: string, path = '/'): Parameters<Origin['serve']>[0][number] {
  const headers = { 'Content-Type': 'text/html; charset=utf-8' };
  return { path, bytes: new TextEncoder().encode(`<!doctype html><body>${body}`), headers };
}

/** A page that embeds the element and says hello to it until it has a port, or a while has passed. */
const EAGER = (element: string): string => `
  <iframe src="${element}/element.html"></iframe>
  <script>
    globalThis.answers = [];
    addEventListener('message', ({ data }) => answers.push(data));
    const frame = document.querySelector('iframe');
    frame.onload = () => frame.contentWindow.postMessage(${JSON.stringify(HELLO)}, '*');
  </script>`;

/** What a page got, once whatever it was to get has had its time. */
async function answersTo(opened: Page): Promise<unknown> {
  return opened.evaluate(
    'new Promise((resolve) => setTimeout(() => resolve(globalThis.answers), 1_500))',
  );
}

/** A debugger gets a line of its own to a frame only where that has a process of its own. */
async function demandProcess({ chromium, sites }: BrowserLab, of: Page): Promise<void> {
  const session = await chromium.context.newCDPSession(elementFrame(of, sites));
  await session.detach();
}

function elementFrame(of: Page, { element }: Sites = lab.sites): Frame {
  const found = of.frames().find((frame) => frame.url().startsWith(element.url));
  if (found === undefined) throw new Error('no element is embedded');
  return found;
}

describe.skipIf(skipChromium)('between an app and its element (TS-TRE-8)', () => {
  it('there are two origins, and two processes', async () => {
    expect(new URL(page.page.url()).origin).not.toBe(new URL(elementFrame(page.page).url()).origin);
    await demandProcess(lab, page.page);
  });

  it('the page sees neither document, nor window, nor storage, nor worker', async () => {
    const { url } = lab.sites.element;
    const outcomes = await page.page.evaluate(`(async () => {
      const frame = document.querySelector('iframe');
      const attempts = [
        () => frame.contentWindow.document,
        () => frame.contentWindow.indexedDB,
        () => frame.contentWindow.eval('1'),
        () => frame.contentWindow.navigator,
        () => frame.contentDocument.body,
        () => new Worker('${url}/element.worker.js'),
        () => new SharedWorker('${url}/element.worker.js'),
      ];
      return attempts.map((attempt) => {
        try { attempt(); return 'done'; } catch (error) { return error.name; }
      });
    })()`);
    const refused = 'SecurityError';
    expect(outcomes).toEqual([refused, refused, refused, refused, 'TypeError', refused, refused]);
    await lab.intrude(page.page);
    expect(await asIntruder(page.page, 'databases')).toEqual([]);
    expect(await lab.insideElement(page, (frame) => asIntruder(frame, 'databases'))).toEqual([
      databaseOf(lab.sites, WHERE),
    ]);
  });

  it('the page cannot read the files of the element either', async () => {
    // A page without a policy of its own, so that it is the element's origin that refuses.
    foreign.serve([html('')]);
    const opened = await lab.chromium.newPage();
    await opened.goto(foreign.url);
    for (const path of ['/element.html', '/element.js', '/element.worker.js']) {
      const outcome = await opened.evaluate(
        `fetch('${lab.sites.element.url}${path}').then(() => 'read', (error) => error.name)`,
      );
      expect([path, outcome]).toEqual([path, 'TypeError']);
    }
    await opened.close();
  });

  it('no key can be exported, not even inside the element', async () => {
    const database = databaseOf(lab.sites, WHERE);
    const outcomes = await lab.insideElement(page, (frame) =>
      asIntruder(frame, 'exportKeys', database),
    );
    const refused = ['InvalidAccessError', 'InvalidAccessError', 'InvalidAccessError'];
    expect(outcomes).toEqual(['AES-GCM kept', ...refused, 'ECDSA kept', ...refused]);
  });

  it('what is stored has no state in the clear', async () => {
    const database = databaseOf(lab.sites, WHERE);
    const sealed = await lab.insideElement(page, (frame) =>
      asIntruder(frame, 'get', database, 'purse', 'state'),
    );
    const state = Buffer.from(sealed ?? '', 'hex');
    expect(state.length).toBeGreaterThan(purse.certificate.length);
    expect(state.includes(Buffer.from(purse.certificate))).toBe(false);
    // The same purse in a page shows what there would be to see.
    const open = { purse: 'open', isFramed: false };
    const inClear = await purseWith(page, open, 1n);
    await lab.intrude(page.page);
    const clear = await asIntruder(page.page, 'get', databaseOf(lab.sites, open), 'purse', 'state');
    expect(Buffer.from(clear ?? '', 'hex').includes(Buffer.from(inClear.certificate))).toBe(true);
    await inClear.element.close();
  });
});

describe.skipIf(skipChromium)('the policy of the element', () => {
  it('stops code in its document from evaluating, loading and connecting anywhere', async () => {
    const found = await lab.insideElement(page, (frame) =>
      asIntruder(frame, 'breakOut', foreign.url),
    );
    expect(found).toEqual([
      'script-src',
      'connect-src',
      'connect-src',
      'script-src-elem',
      'script-src-elem',
      'img-src',
      'frame-src',
    ]);
  });

  it('stops code in its worker from the same, its own origin included', async () => {
    const [worker] = page.page.workers();
    if (worker === undefined) throw new Error('the element has no worker');
    await lab.intrude(worker);
    const refused = ['script-src', 'connect-src', 'connect-src', 'script-src-elem'];
    expect(await asIntruder(worker, 'breakOut', foreign.url)).toEqual(refused);
    expect(await asIntruder(worker, 'breakOut', lab.sites.element.url)).toEqual(refused);
  });
});

describe.skipIf(skipChromium)('another app', () => {
  it('cannot embed the element', async () => {
    foreign.serve([html(EAGER(lab.sites.element.url))]);
    const opened = await lab.chromium.newPage();
    await opened.goto(foreign.url);
    expect(await answersTo(opened)).toEqual([]);
    expect(opened.frames().map((frame) => new URL(frame.url()).protocol)).toContain(
      'chrome-error:',
    );
    await opened.close();
  });

  it('is not heard where the frame is let through, as in a browser without such a policy', async () => {
    const lax = await Origin.start('localhost');
    lax.serve(
      lab.sites.element.files.map((file) => {
        const { 'Content-Security-Policy': policy = '', ...others } = file.headers;
        const without = policy.replace(/frame-ancestors [^;]*/, 'form-action *');
        return { ...file, headers: { ...others, 'Content-Security-Policy': without } };
      }),
    );
    foreign.serve([html(EAGER(lax.url))]);
    const opened = await lab.chromium.newPage();
    await opened.goto(foreign.url);
    expect(opened.frames().map((frame) => frame.url())).toContain(`${lax.url}/element.html`);
    expect(await answersTo(opened)).toEqual([]);
    // The app itself is heard there: it is the origin that made the difference.
    lab.sites.app.serve([...lab.sites.app.files, html(EAGER(lax.url), '/eager')]);
    await opened.goto(`${lab.sites.app.url}/eager`);
    expect(await answersTo(opened)).toContain(PORT);
    await opened.close();
    await lax.stop();
  });

  it('is not heard from another frame of the app that may use it', async () => {
    foreign.serve([
      html(`<script>
        for (let index = 0; index < parent.frames.length; index++) {
          parent.frames[index].postMessage(${JSON.stringify(HELLO)}, '*');
        }
      </script>`),
    ]);
    const quiet = `
      <iframe src="${lab.sites.element.url}/element.html"></iframe>
      <script>
        globalThis.answers = [];
        addEventListener('message', ({ data }) => answers.push(data));
        document.querySelector('iframe').onload = () => {
          const other = document.createElement('iframe');
          other.src = ${JSON.stringify(foreign.url)};
          document.body.append(other);
        };
      </script>`;
    lab.sites.app.serve([...lab.sites.app.files, html(quiet, '/quiet')]);
    const opened = await lab.chromium.newPage();
    await opened.goto(`${lab.sites.app.url}/quiet`);
    expect(await answersTo(opened)).toEqual([]);
    expect(opened.workers()).toEqual([]);
    await opened.close();
  });
});

/** What the element's origin has stored, as it sees it in a window of its own. */
async function databasesByItself(at: BrowserLab): Promise<readonly string[]> {
  const opened = await at.chromium.newPage();
  await opened.goto(`${at.sites.element.url}/element.html`);
  await at.intrude(opened);
  const found = await asIntruder(opened, 'databases');
  await opened.close();
  return found;
}

/** Offers ports to a page all the time, as the element's document does once. */
const OFFERING = (target: string): string => `setInterval(() => {
  ${target}.postMessage(${JSON.stringify(PORT)}, '*', [new MessageChannel().port1]);
}, 1)`;

describe.skipIf(skipChromium)('an app', () => {
  it('takes no port from its own page, nor from another frame of the very same origin', async () => {
    const own = await lab.page();
    await own.page.evaluate(OFFERING('window'));
    await lab.insideElement(own, async (frame) => {
      await frame.evaluate(OFFERING('window.parent'));
      const made = await purseWith(own, { purse: 'offered', isFramed: true }, 9n);
      expect((await made.status()).balance).toBe(9n);
      await made.element.close();
    });
    await own.page.close();
  });
});

describe.skipIf(skipChromium)('the storage of an element', () => {
  it('is one for each site of apps, where the element has a site of its own', async () => {
    expect(await databasesByItself(lab)).toEqual([]);
  });

  it('is the same for all apps of its own site, and no app opens the purse of another', async () => {
    const oneSite = await BrowserLab.start('127.0.0.1');
    const where = { purse: 'mine', isFramed: true };
    const theirPage = await oneSite.page();
    const mine = await purseWith(theirPage, where, 3n);
    await demandProcess(oneSite, theirPage.page);
    await mine.element.close();
    expect(await databasesByItself(oneSite)).toEqual([databaseOf(oneSite.sites, where)]);
    const theirs = await purseOn(await oneSite.neighbour(), where, await testImage());
    const status = await theirs.run({ kind: 1 });
    expect(status.ok ? 'OK' : status.error.code).toBe('NOT_PERSONALISED');
    expect(await databasesByItself(oneSite)).toHaveLength(2);
    await oneSite.stop();
  });
});
