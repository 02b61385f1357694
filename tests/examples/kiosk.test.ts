import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { platformTimer, qrDuplex } from '@tallystick/wallet';
import { type NodeWallet, openNodeWallet, publisherIn } from '@tallystick/wallet/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { Office } from '../apps/office.ts';
import { openAccount, PARTICIPANT } from './account.ts';

const PROGRAM = fileURLToPath(new URL('../../examples/kiosk/main.ts', import.meta.url));
const CUSTOMER = 'c0'.repeat(16);
const KIOSK = '05'.repeat(16);
/** Processes share the machine with other tests. */
const PATIENCE_MS = 180_000;
const MODULE_PIXELS = 4;
const GLANCE_MS = 100;

let office: Office;
let folder: string;
let trust: string;
let baseUrl: string;
let customer: NodeWallet;
let kiosk: Kiosk;

/** The program, with somebody before its screen and at its scanner. */
class Kiosk {
  readonly #child: ChildProcess;
  #said = '';

  constructor() {
    const args = [baseUrl, PARTICIPANT, KIOSK, trust, join(folder, 'kiosk')];
    this.#child = spawn(process.execPath, ['--no-warnings', PROGRAM, ...args], {
      env: { ...process.env, KIOSK_PASSPHRASE: 'entry for one' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#said += text));
  }

  get said(): string {
    return this.#said;
  }

  /** What the newest code on the screen says, read as a camera would; null while there is none. */
  async code(): Promise<string | null> {
    const blocks = this.#said.split('\n').filter((line) => /^[ ▀▄█]{20,}$/.test(line));
    const height = (blocks.at(-1)?.length ?? 0) / 2;
    const newest = blocks.slice(-Math.ceil(height));
    if (newest.length === 0) return null;
    const [found] = await readBarcodes(pictureOf(newest), { formats: ['QRCode'] });
    return found?.text ?? null;
  }

  scan(text: string): void {
    this.#child.stdin?.write(`${text}\n`);
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

/** Half blocks as pixels: two modules above each other in every character. */
function pictureOf(lines: readonly string[]): {
  data: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
  colorSpace: 'srgb';
} {
  const isInk = (row: number, column: number): boolean => {
    const block = lines[row >> 1]?.[column] ?? ' ';
    // What a terminal draws light is paper: it is dark itself.
    return !(block === '█' || block === (row % 2 === 0 ? '▀' : '▄'));
  };
  const width = (lines[0]?.length ?? 0) * MODULE_PIXELS;
  const height = lines.length * 2 * MODULE_PIXELS;
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let at = 0; at < width * height; at++) {
    const row = Math.floor(at / width / MODULE_PIXELS);
    const column = Math.floor((at % width) / MODULE_PIXELS);
    if (isInk(row, column)) data.fill(0, at * 4, at * 4 + 3);
  }
  return { data, width, height, colorSpace: 'srgb' };
}

/** The customer holds the phone so that each reads what the other shows, until it is over. */
async function payAtKiosk(): Promise<unknown> {
  const phone = qrDuplex((code) => {
    if (code !== null) kiosk.scan(code.text(0));
  });
  const paying = customer.pay(phone.transport, async () => ({ approve: true }));
  for (;;) {
    const code = await kiosk.code();
    if (code !== null) phone.scanned(code);
    const paid = await Promise.race([paying, pass(GLANCE_MS)]);
    if (paid !== undefined) return paid;
  }
}

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  const wasmBinary = Uint8Array.from(readFileSync(wasm)).buffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  office = await Office.open();
  folder = await mkdtemp(join(tmpdir(), 'kiosk-'));
  baseUrl = office.report.url;
  trust = join(office.folder, 'data', 'trust.json');
  const publisher = publisherIn(await readFile(trust, 'utf8'));
  if (!publisher.ok) throw new Error(publisher.error.message);
  const { asOf } = (await office.read('/v1/public/supply')) as { readonly asOf: string };
  // A phone whose clock stands still for a minute pays as well as any.
  const startedMs = Date.parse(asOf);
  const opened = await openNodeWallet({
    baseUrl,
    fetch,
    timer: platformTimer({ nowMs: () => startedMs, setTimeout, clearTimeout }),
    publisher: publisher.value,
    directory: join(folder, 'customer'),
    passphrase: 'somebody else',
  });
  if (!opened.ok) throw new Error(opened.error.message);
  customer = opened.value;
  await openAccount(baseUrl, CUSTOMER, null);
  await openAccount(baseUrl, KIOSK, 'Museum');
  const enrolled = await customer.enrol({ participant: PARTICIPANT, account: CUSTOMER });
  const loaded = enrolled.ok ? await customer.load(1_000n) : enrolled;
  if (!loaded.ok) throw new Error(loaded.error.message);
}, PATIENCE_MS);

afterAll(async () => {
  await kiosk.close();
  await customer.close();
  await office.close();
  await rm(folder, { recursive: true });
});

describe('the kiosk', () => {
  test(
    'is paid by whoever scans its code, and shows the receipt',
    async () => {
      kiosk = new Kiosk();
      expect(await payAtKiosk()).toMatchObject({ value: { state: 'paid', amount: 250n } });
      expect(kiosk.said).toContain('Paid.');
    },
    PATIENCE_MS,
  );

  test(
    'started again without a network, it sells all the same, and the bank hears of both later',
    async () => {
      await kiosk.close();
      await office.stop();
      kiosk = new Kiosk();
      expect(await payAtKiosk()).toMatchObject({ value: { state: 'paid', amount: 250n } });
      await office.start();
      expect(await customer.sync()).toMatchObject({ value: { problems: [] } });
      expect(await customer.balance()).toMatchObject({ value: { amount: 500n } });
      await expect.poll(() => kiosk.said, { timeout: 60_000 }).toContain('Next, please.');
      await expect
        .poll(() => office.read('/v1/public/supply'), { timeout: 60_000 })
        .toMatchObject({
          items: expect.arrayContaining([
            expect.objectContaining({
              participant: null,
              balanced: true,
              inFlight: { amount: '0', currency: 'EUR' },
            }),
          ]) as unknown,
        });
    },
    PATIENCE_MS,
  );
});
