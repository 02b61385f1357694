import { toHex } from '@tallystick/protocol';
import { skipChromium } from '@tallystick/tre/testing/chromium';
import { Origin } from '@tallystick/tre/testing/origin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Booth } from '../testing/browser/booth.ts';
import { pageFiles } from '../testing/browser/site.ts';
import { encodePart } from '../transport/ur-part.ts';

const frame = (length: number, seed = 1): string =>
  toHex(Uint8Array.from({ length }, (_, at) => (at * at * 7 + at * seed) & 255));

let origin: Origin;
/** One browser that looks at its own screen: what it shows is what it sees. */
let booth: Booth;

beforeAll(async () => {
  if (skipChromium) return;
  origin = await Origin.start('127.0.0.1');
  origin.serve(await pageFiles());
  booth = await Booth.withCamera(origin.url, { width: 1_280, height: 720 });
  booth.watch(booth);
});

afterAll(async () => {
  if (skipChromium) return;
  await Booth.closeAll([booth]);
  await origin.stop();
});

/** All that the camera sees until it has seen this. */
async function seenUntil(what: string): Promise<readonly string[]> {
  const seen: string[] = [];
  await expect
    .poll(
      async () => {
        seen.push(...(await booth.ask('seen')));
        return seen;
      },
      { timeout: 50_000 },
    )
    .toContain(what);
  return seen;
}

describe.skipIf(skipChromium)('a camera before a screen', () => {
  test('is refused with CAMERA_REFUSED until the holder says yes', async () => {
    expect(await booth.ask('openCamera')).toBe('CAMERA_REFUSED');
    expect(await booth.ask('isLooking')).toBe(false);
    await expect.poll(() => booth.page.workers()).toEqual([]);
    await booth.allowCamera();
  });

  test('reads a code, and a frame of many codes that follow each other', async () => {
    expect(await booth.ask('openCamera')).toBeNull();
    await booth.ask('showFrame', frame(300));
    expect(await seenUntil(frame(300))).toEqual([frame(300)]);
    await booth.ask('showFrame', frame(1_000));
    expect((await seenUntil(frame(1_000))).at(-1)).toBe(frame(1_000));
  });

  test('passes over what is no code, and says of foreign, damaged and oversized ones what they are', async () => {
    await booth.ask('showRubbish');
    await booth.ask('showText', 'https://example.org/pay?to=me');
    await seenUntil('QR_FOREIGN');
    await booth.ask('showText', 'TS1:ZZZ');
    await seenUntil('QR_DAMAGED');
    const part = { number: 1, parts: 2_000, messageBytes: 200_000, checksum: 1 };
    await booth.ask('showText', encodePart({ ...part, fragment: new Uint8Array(100) }));
    await seenUntil('QR_OVERSIZED');
    await booth.ask('showFrame', frame(160, 2));
    expect((await seenUntil(frame(160, 2))).at(-1)).toBe(frame(160, 2));
  });

  test('gives the camera back while the page is hidden, and goes on when it is shown again', async () => {
    const turn = (hidden: boolean): Promise<void> =>
      booth.page.evaluate(`
        Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      `);
    await turn(true);
    expect(await booth.ask('isLooking')).toBe(false);
    await booth.ask('showFrame', frame(200));
    await turn(false);
    await seenUntil(frame(200));
    expect(await booth.ask('isLooking')).toBe(true);
    await booth.ask('closeCamera');
    expect(await booth.ask('isLooking')).toBe(false);
    expect(await booth.ask('ended')).toBeNull();
  });
});

describe.skipIf(skipChromium)('the reader of codes', () => {
  test('has no network: not its own origin, nor any other', async () => {
    expect(await booth.ask('openCamera', 1_500)).toBeNull();
    const [worker] = booth.page.workers();
    const tried = await worker?.evaluate(async (address) => {
      const failed = (work: () => unknown): Promise<string> =>
        Promise.resolve()
          .then(work)
          .then(
            () => 'succeeded',
            () => 'failed',
          );
      return Promise.all([
        failed(() => fetch('/')),
        failed(() => fetch(address)),
        failed(() => import(`${address}/page.js`)),
        failed(
          () =>
            new Promise((resolve, reject) => {
              const socket = new WebSocket(address.replace('http', 'ws'));
              socket.addEventListener('open', resolve);
              socket.addEventListener('error', reject);
            }),
        ),
      ]);
    }, origin.url);
    expect(tried).toEqual(['failed', 'failed', 'failed', 'failed']);
  });

  test.each([
    ['ends', 'close()'],
    ['computes for ever', 'for (;;) {}'],
    ['says what it may not', "postMessage({ kind: 'texts', texts: [1] })"],
  ])('is started again when its worker %s', async (_, deed) => {
    const before = booth.page.workers().at(-1);
    const next = booth.page.waitForEvent('worker');
    await before?.evaluate(`setTimeout(() => { ${deed} })`);
    await next;
    const sent = frame(100, deed.length);
    await booth.ask('showFrame', sent);
    await seenUntil(sent);
    expect(await booth.ask('ended')).toBeNull();
    // A browser takes its time to end one that computes.
    await expect.poll(() => booth.page.workers(), { timeout: 30_000 }).toHaveLength(1);
  });

  test('that stays away has the camera given back', async () => {
    const { files } = origin;
    origin.serve(files.filter(({ path }) => path !== '/decoder.worker.js'));
    await booth.page.workers().at(-1)?.evaluate('setTimeout(close)');
    await expect.poll(() => booth.ask('ended'), { timeout: 50_000 }).toBe('DECODER_FAILED');
    expect(await booth.ask('isLooking')).toBe(false);
    origin.serve(files);
  });

  test('is not asked any more when the camera is taken away: CAMERA_LOST', async () => {
    expect(await booth.ask('openCamera')).toBeNull();
    await booth.page.evaluate(`
      document.querySelector('video').srcObject.getTracks()[0].dispatchEvent(new Event('ended'));
    `);
    expect(await booth.ask('ended')).toBe('CAMERA_LOST');
    expect(await booth.ask('isLooking')).toBe(false);
  });
});
