import {
  type Bytes,
  type Result,
  type SignedImage,
  sha256,
  toHex,
  unwrap,
} from '@tallystick/protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { encodeReturn } from '../../image/border.ts';
import { AppPage, type PageElement } from '../../testing/browser/app-page.ts';
import { skipChromium } from '../../testing/browser/chromium.ts';
import { asIntruder, BrowserLab, databaseOf, purseWith } from '../../testing/browser/lab.ts';
import { startSites } from '../../testing/browser/sites.ts';
import { signCode, testImage } from '../../testing/image.ts';

// Other tests may have the machine.
vi.setConfig({ testTimeout: 180_000 });

let lab: BrowserLab;
let page: AppPage;

beforeAll(async () => {
  if (skipChromium) return;
  lab = await BrowserLab.start();
  // Whoever can debug the element's document holds its worker.
  await lab.chromium.context.addInitScript(`{
    const Real = globalThis.Worker;
    globalThis.Worker = class extends Real {
      constructor(...given) {
        super(...given);
        globalThis.held = this;
      }
    };
  }`);
  page = await lab.page();
});

afterAll(async () => {
  if (!skipChromium) await lab.stop();
});

const codeOf = (result: Result<unknown>): string => (result.ok ? 'OK' : result.error.code);
const ascii = (text: string): Bytes => new TextEncoder().encode(text);

/** Other tests may have the machine: longer than anything takes here. */
const PATIENCE_MS = 60_000;

let named = 0;
const fresh = (): string => `hostile ${named++}`;

function open(
  purse: string,
  image?: SignedImage,
  patienceMs = PATIENCE_MS,
): Promise<Result<PageElement>> {
  const given = image === undefined ? {} : { image };
  return page.purse({ purse, isFramed: true, patienceMs, ...given });
}

function heldWorker(code: string): Promise<unknown> {
  const { url } = lab.sites.element;
  const frame = page.page.frames().find((each) => each.url().startsWith(url));
  if (frame === undefined) throw new Error('no element is embedded');
  return frame.evaluate(code);
}

describe.skipIf(skipChromium)('an element that dies (TS-TRE-8)', () => {
  it('ends what was asked of it, and the purse goes on with the next one', async () => {
    const purse = fresh();
    const made = await purseWith(page, { purse, isFramed: true }, 50n);
    await heldWorker('held.terminate()');
    await expect(made.request(1n)).rejects.toThrow('the element is gone');
    await made.element.close();
    await made.open();
    expect((await made.status()).balance).toBe(50n);
    await made.request(1n);
    await made.element.close();
  });

  it('or says nothing any more, is given up in bounded time', async () => {
    const purse = fresh();
    const made = await purseWith(page, { purse, isFramed: true }, 5n);
    await made.element.close();
    const silent = unwrap(await open(purse, undefined, 6_000));
    await silent.worker?.evaluate('setTimeout(() => { for (;;) {} }, 0)');
    await expect(silent.execute(ascii('?'))).rejects.toThrow('the element is gone');
    await silent.close();
    const again = unwrap(await open(purse));
    await again.close();
  });

  it('is HARDWARE_FAILED where there is none', async () => {
    const empty = await startSites();
    empty.element.serve([]);
    const other = await AppPage.open(lab.chromium, empty);
    const refused = await other.purse({ purse: 'none', isFramed: true, patienceMs: 1_000 });
    expect(codeOf(refused)).toBe('HARDWARE_FAILED');
    await other.page.close();
    await empty.stop();
  });
});

describe.skipIf(skipChromium)('two that want one purse', () => {
  it('are one with the purse and one with BUSY, in two pages as in one', async () => {
    const purse = fresh();
    const first = unwrap(await open(purse, await testImage()));
    expect(codeOf(await open(purse))).toBe('BUSY');
    const second = await lab.page();
    expect(codeOf(await second.purse({ purse, isFramed: true }))).toBe('BUSY');
    await first.close();
    const later = unwrap(await second.purse({ purse, isFramed: true }));
    await second.page.close();
    await expect(later.execute(ascii('?'))).rejects.toThrow('closed');
    // A page that is gone has let go of its purse.
    await unwrap(await open(purse)).close();
  });
});

describe.skipIf(skipChromium)('a hostile image', () => {
  it.each([
    ['computes for ever', 'for (;;) {}'],
    ['takes all memory', 'const held = []; for (;;) held.push(new ArrayBuffer(1 << 20));'],
    ['calls itself for ever', 'const again = () => again() + 1; again();'],
    ['throws', 'throw new Error("no");'],
    ['answers with nonsense', 'return new Uint8Array([255]).buffer;'],
  ])('that %s is given up in bounded time, and nothing is kept of it', async (_, body) => {
    const purse = fresh();
    const hostile = signCode(ascii(`var tallystick = { call: () => { ${body} } };`), 2);
    await expect(open(purse, hostile)).rejects.toThrow(/the element ended: /);
    const image = await testImage();
    const element = unwrap(await open(purse, image));
    expect(toHex(await element.measurement())).toBe(toHex(sha256(image.code)));
    await element.close();
  });

  it('never starts with a wrong signature, a wrong hash, or an older version', async () => {
    const purse = fresh();
    const { code } = await testImage();
    const { manifest } = signCode(code, 2);
    const last = manifest.length - 1;
    const spoilt = manifest.with(last, (manifest[last] ?? 0) ^ 1);
    expect(codeOf(await open(purse, { manifest: spoilt, code }))).toBe('BAD_SIGNATURE');
    const longer = ascii(`${new TextDecoder().decode(code)}//`);
    expect(codeOf(await open(purse, { manifest, code: longer }))).toBe('IMAGE_DIFFERS');
    await unwrap(await open(purse, { manifest, code })).close();
    expect(codeOf(await open(purse, signCode(code, 1)))).toBe('IMAGE_DOWNGRADE');
    const refusing = encodeReturn({ kind: 1, code: 'TAMPERED', message: 'x' }).join();
    const unable = `var tallystick = { call: () => Uint8Array.from([${refusing}]).buffer };`;
    expect(codeOf(await open(purse, signCode(ascii(unable), 3)))).toBe('TAMPERED');
    await unwrap(await open(purse)).close();
  });

  it('never starts from storage either', async () => {
    const purse = fresh();
    await unwrap(await open(purse, await testImage())).close();
    const database = databaseOf(lab.sites, { purse, isFramed: true });
    await lab.insideElement(page, (frame) =>
      asIntruder(frame, 'put', database, 'purse', 'code', toHex(ascii('for (;;) {}'))),
    );
    expect(codeOf(await open(purse))).toBe('IMAGE_DIFFERS');
    await unwrap(await open(purse, await testImage())).close();
  });
});

describe.skipIf(skipChromium)('storage that somebody changed inside the element', () => {
  it('is TAMPERED, whatever was changed, and opens again when it is put back', async () => {
    const [purse, other] = [fresh(), fresh()];
    for (const each of [purse, other]) {
      await (await purseWith(page, { purse: each, isFramed: true }, 7n)).element.close();
    }
    const [database, second] = [purse, other].map((each) =>
      databaseOf(lab.sites, { purse: each, isFramed: true }),
    ) as [string, string];
    await lab.insideElement(page, async (frame) => {
      const put = (hex: string | null): Promise<void> =>
        asIntruder(frame, 'put', database, 'purse', 'state', hex);
      const sealed = (await asIntruder(frame, 'get', database, 'purse', 'state')) ?? '';
      const foreign = await asIntruder(frame, 'get', second, 'purse', 'state');
      const changed = `${sealed.slice(0, 200)}${sealed[200] === '0' ? '1' : '0'}${sealed.slice(201)}`;
      for (const spoilt of [changed, sealed.slice(0, -2), sealed.slice(0, 20), '', foreign, null]) {
        await put(spoilt);
        expect([spoilt?.length, codeOf(await open(purse))]).toEqual([spoilt?.length, 'TAMPERED']);
      }
      await put(sealed);

      const keys = await asIntruder(frame, 'keys', database, 'keys');
      const signing = String(keys.find((key) => String(key).startsWith('signing')));
      const foreignKeys = await asIntruder(frame, 'keys', second, 'keys');
      const foreignSigning = String(foreignKeys.find((key) => String(key).startsWith('signing')));
      const aside = [database, 'keys', 'aside'] as const;
      await asIntruder(frame, 'copy', [database, 'keys', signing], aside);
      await asIntruder(
        frame,
        'copy',
        [second, 'keys', foreignSigning],
        [database, 'keys', signing],
      );
      expect(codeOf(await open(purse))).toBe('TAMPERED');
      await asIntruder(frame, 'put', database, 'keys', signing, null);
      expect(codeOf(await open(purse))).toBe('TAMPERED');
      await asIntruder(frame, 'copy', aside, [database, 'keys', signing]);
    });
    await unwrap(await open(purse)).close();
  });

  it('locks the purse where its log is cut short (TS-TRE-4)', async () => {
    const purse = fresh();
    const made = await purseWith(page, { purse, isFramed: true }, 7n);
    await made.element.close();
    const database = databaseOf(lab.sites, { purse, isFramed: true });
    await lab.insideElement(page, async (frame) => {
      const positions = await asIntruder(frame, 'keys', database, 'log');
      await asIntruder(frame, 'put', database, 'log', positions.at(-1) ?? 0, null);
    });
    await made.open();
    await expect(made.request(1n)).rejects.toThrow('LOCKED');
    await made.element.close();
  });
});
