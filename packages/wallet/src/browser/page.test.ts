import { skipChromium } from '@tallystick/tre/testing/chromium';
import { Origin } from '@tallystick/tre/testing/origin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Booth } from '../testing/browser/booth.ts';
import { pageFiles } from '../testing/browser/site.ts';

let origin: Origin;
let booth: Booth;

beforeAll(async () => {
  if (skipChromium) return;
  origin = await Origin.start('127.0.0.1');
  origin.serve(await pageFiles());
  booth = await Booth.withFlags(origin.url, [
    '--use-fake-device-for-media-stream=device-count=0',
    '--host-resolver-rules=MAP far.example 127.0.0.1',
  ]);
});

afterAll(async () => {
  if (skipChromium) return;
  await Booth.closeAll([booth]);
  await origin.stop();
});

/** Browsers have many reasons, and not each can be brought about from outside. */
async function openRefusedWith(name: string): Promise<string | null> {
  await booth.page.evaluate(`
    navigator.mediaDevices.getUserMedia = async () => {
      throw new DOMException('refused', '${name}');
    };
  `);
  return booth.ask('openCamera');
}

describe.skipIf(skipChromium)('a camera', () => {
  test('fails with CAMERA_MISSING where there is none', async () => {
    await booth.allowCamera();
    expect(await booth.ask('openCamera')).toBe('CAMERA_MISSING');
    expect(await booth.ask('isLooking')).toBe(false);
    await expect.poll(() => booth.page.workers()).toEqual([]);
  });

  test.each([
    ['NotAllowedError', 'CAMERA_REFUSED'],
    ['NotFoundError', 'CAMERA_MISSING'],
    ['OverconstrainedError', 'CAMERA_MISSING'],
    ['NotReadableError', 'CAMERA_BUSY'],
    ['AbortError', 'CAMERA_BUSY'],
    ['SecurityError', 'CAMERA_UNSUPPORTED'],
  ])('that a browser refuses with %s fails with %s', async (name, code) => {
    expect(await openRefusedWith(name)).toBe(code);
  });

  test('fails with CAMERA_UNSUPPORTED on a page that came over an insecure line', async () => {
    await booth.page.goto(origin.url.replace('127.0.0.1', 'far.example'));
    expect(await booth.page.evaluate('isSecureContext')).toBe(false);
    expect(await booth.ask('openCamera')).toBe('CAMERA_UNSUPPORTED');
    await booth.page.goto(origin.url);
  });
});

describe.skipIf(skipChromium)('a reader of codes', () => {
  test.each(['/decoder.worker.js', '/zxing_reader.wasm'])(
    'fails with DECODER_FAILED where there is no %s',
    async (missing) => {
      const { files } = origin;
      origin.serve(files.filter(({ path }) => path !== missing));
      expect(await booth.ask('openCamera')).toBe('DECODER_FAILED');
      origin.serve(files);
    },
  );
});

describe.skipIf(skipChromium)('a store', () => {
  test('keeps what it is given, also when the page is loaded again', async () => {
    await booth.ask('store', 'put', 'payment/1', '0102');
    await booth.ask('store', 'put', 'payment/2', '03');
    await booth.ask('store', 'put', 'payment/2', '04');
    await booth.ask('store', 'put', 'profile', '05');
    await booth.page.reload();
    expect(await booth.ask('store', 'get', 'payment/1')).toBe('0102');
    expect(await booth.ask('store', 'get', 'payment/2')).toBe('04');
    expect(await booth.ask('store', 'get', 'payment/3')).toBeNull();
    expect(await booth.ask('store', 'list', 'payment/')).toEqual(['payment/1', 'payment/2']);
    expect(await booth.ask('store', 'list', '')).toEqual(['payment/1', 'payment/2', 'profile']);
  });

  test('forgets what is removed, and does not mind what was never there', async () => {
    await booth.ask('store', 'put', 'a', '01');
    await booth.ask('store', 'remove', 'a');
    await booth.ask('store', 'remove', 'b');
    expect(await booth.ask('store', 'list', 'a')).toEqual([]);
    expect(await booth.ask('store', 'get', 'a')).toBeNull();
  });

  test('is BUSY to another page, until the first has ended', async () => {
    await booth.ask('store', 'put', 'a', '01');
    const other = await booth.page.context().newPage();
    await other.goto(origin.url);
    const ask = (): Promise<unknown> =>
      other.evaluate("app.store('get', 'a').catch((error) => error.code)");
    expect(await ask()).toBe('BUSY');
    await booth.page.reload();
    await other.reload();
    expect(await ask()).toBe('01');
    await other.close();
  });

  test('that was taken away fails a load with STORE_FAILED, and nothing has changed', async () => {
    expect(await booth.ask('loseStore')).toBe('STORE_FAILED 100');
  });
});
