import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Bytes,
  type Result,
  sha256,
  type SignedImage,
  toHex,
  unwrap,
} from '@tallystick/protocol';
import { testScheme } from '@tallystick/trusted-app/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExaminedPurse } from '../conformance/purse.ts';
import { encodeReturn } from '../image/border.ts';
import { decodeStateFile, encodeStateFile } from '../node/state-file.ts';
import type { Element } from '../port.ts';
import { EmulatedTpm, skipTpm } from '../testing/emulated-tpm.ts';
import { signCode, TEST_PUBLISHER, testImage } from '../testing/image.ts';
import { CHEAP_STRETCH } from '../testing/plain-specimen.ts';
import { openVirtualElement, passphraseKey, tpmKey } from './index.ts';
import { underKey } from './inside.ts';

const scheme = testScheme();
const key = Uint8Array.from(randomBytes(32));
let folder = '';
const opened: Element[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'virtual-'));
});
afterEach(async () => {
  for (const element of opened.splice(0)) await element.close();
  await rm(folder, { recursive: true });
});

const codeOf = (result: Result<unknown>): string => (result.ok ? 'OK' : result.error.code);

async function open(
  options: { directory?: string; sealingKey?: Bytes; image?: SignedImage } = {},
): Promise<Result<Element>> {
  const { directory = join(folder, 'purse'), sealingKey = key } = options;
  const result = await openVirtualElement({
    directory,
    sealingKey,
    clock: () => null,
    stretchCost: CHEAP_STRETCH,
    publisher: TEST_PUBLISHER,
    image: options.image ?? (await testImage()),
  });
  if (result.ok) opened.push(result.value);
  return result;
}

async function purse(amount: bigint): Promise<ExaminedPurse> {
  const specimen = { open: () => open(), dispose: () => Promise.resolve() };
  const made = new ExaminedPurse(specimen, scheme.participants[0], unwrap(await specimen.open()));
  made.certificate = made.participant.certify(await made.prepare());
  await made.get(made.personalisation(scheme, made.certificate), 0);
  await made.load(amount);
  return made;
}

describe('a virtual secure element', () => {
  it('runs the very image that every environment runs (TS-IMG-4)', async () => {
    const element = unwrap(await open());
    expect(toHex(await element.measurement())).toBe(toHex(sha256((await testImage()).code)));
  });

  it('leaves no key, balance or secret in its files', async () => {
    const made = await purse(12_345n);
    await made.element.close();
    const names = (await readdir(join(folder, 'purse'))).toSorted();
    expect(names).toEqual([expect.stringMatching(/^image-/), 'lock', 'log', 'state']);
    const state = await readFile(join(folder, 'purse', 'state'));
    const committed = unwrap(decodeStateFile(Uint8Array.from(state)));
    const content = unwrap(await underKey(key).open(committed.state ?? new Uint8Array(0)));
    const [secret] = content.keys;
    // Under the seal there is all of it; outside, nothing.
    expect(Buffer.from(content.state ?? []).includes(Buffer.from(made.certificate))).toBe(true);
    for (const each of [made.certificate, secret?.secret ?? state]) {
      expect(state.includes(Buffer.from(each))).toBe(false);
    }
  });

  it('does not open on another device, nor with any byte of its state changed', async () => {
    const made = await purse(5n);
    await made.element.close();
    const elsewhere = join(folder, 'stolen');
    await cp(join(folder, 'purse'), elsewhere, { recursive: true });
    const other = Uint8Array.from(randomBytes(32));
    expect(codeOf(await open({ directory: elsewhere, sealingKey: other }))).toBe('TAMPERED');
    const file = join(elsewhere, 'state');
    const committed = unwrap(decodeStateFile(Uint8Array.from(await readFile(file))));
    const sealed = committed.state ?? new Uint8Array(0);
    const spoilt = [
      sealed.with(3, (sealed[3] ?? 0) ^ 1),
      sealed.with(sealed.length >> 1, (sealed[sealed.length >> 1] ?? 0) ^ 1),
      sealed.with(sealed.length - 1, (sealed.at(-1) ?? 0) ^ 1),
      sealed.slice(0, -1),
      sealed.slice(0, 20),
      new Uint8Array(0),
    ];
    for (const state of spoilt) {
      await writeFile(file, encodeStateFile({ ...committed, state }));
      expect(codeOf(await open({ directory: elsewhere }))).toBe('TAMPERED');
    }
    await writeFile(file, encodeStateFile(committed));
    const back = unwrap(await open({ directory: elsewhere }));
    await back.close();
  });

  it('goes on from what is stored when its process is killed in the middle of a command', async () => {
    const made = await purse(50n);
    const before = processesOfElements();
    expect(before.length).toBe(1);
    const asked = made.request(1n);
    process.kill(before[0] ?? 0, 'SIGKILL');
    await expect(asked).rejects.toThrow('the element is gone');
    await made.element.close();
    await made.open();
    expect((await made.status()).balance).toBe(50n);
  });

  it('ends its process when it is closed', async () => {
    const element = unwrap(await open());
    expect(processesOfElements().length).toBe(1);
    await element.close();
    expect(processesOfElements()).toEqual([]);
  });

  const ascii = (text: string): Bytes => new TextEncoder().encode(text);
  it.each([
    ['computes for ever', 'for (;;) {}'],
    ['takes all memory', 'const held = []; for (;;) held.push(new ArrayBuffer(1 << 20));'],
    ['calls itself for ever', 'const again = () => again() + 1; again();'],
    ['throws', 'throw new Error("no");'],
    ['answers with a number', 'return 7;'],
    ['answers with nonsense', 'return new Uint8Array([255]).buffer;'],
  ])('whose image %s is given up in bounded time, and nothing is kept of it', async (_, body) => {
    const hostile = signCode(ascii(`var tallystick = { call: () => { ${body} } };`), 2);
    await expect(open({ image: hostile })).rejects.toThrow(/^the isolated element ended: /);
    expect(processesOfElements()).toEqual([]);
    const element = unwrap(await open());
    expect(toHex(await element.measurement())).toBe(toHex(sha256((await testImage()).code)));
  });

  it('refuses an older image by what is under its seal', async () => {
    const { code } = await testImage();
    await unwrap(await open({ image: signCode(code, 2) })).close();
    expect(codeOf(await open({ image: signCode(code, 1) }))).toBe('IMAGE_DOWNGRADE');
    const refusing = encodeReturn({ kind: 1, code: 'TAMPERED', message: 'x' }).join();
    const unable = ascii(`var tallystick = { call: () => Uint8Array.from([${refusing}]).buffer };`);
    expect(codeOf(await open({ image: signCode(unable, 3) }))).toBe('TAMPERED');
    await unwrap(await open({ image: signCode(code, 2) })).close();
  });
});

/** Children of this process that run an element. */
function processesOfElements(): number[] {
  const listed = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)]).toString();
  return listed
    .split('\n')
    .filter((line) => line.includes('build/virtual-se.mjs'))
    .map((line) => Number.parseInt(line, 10));
}

describe('a passphrase', () => {
  it('gives the same key in one place, and another elsewhere or for another phrase', async () => {
    const keyIn = (phrase: string, place: string): Promise<string> =>
      passphraseKey(phrase, join(folder, place), CHEAP_STRETCH).then(toHex);
    const first = await keyIn('correct horse', 'a');
    expect(await keyIn('correct horse', 'a')).toBe(first);
    expect(await keyIn('correct horse', 'b')).not.toBe(first);
    expect(await keyIn('battery staple', 'a')).not.toBe(first);
  });
});

describe.skipIf(skipTpm)('a sealing key in a TPM', () => {
  it('is the same each time, nowhere in the clear, and of no use elsewhere', async () => {
    const emulated = await EmulatedTpm.start();
    const other = await EmulatedTpm.start();
    const place = join(folder, 'sealed');
    const sealingKey = unwrap(await tpmKey(emulated.tpm, place));
    const again = unwrap(await tpmKey(emulated.tpm, place));
    expect(toHex(again)).toBe(toHex(sealingKey));
    const file = join(place, 'sealing-key.tpm');
    const stored = await readFile(file);
    expect(stored.includes(Buffer.from(sealingKey))).toBe(false);
    expect(codeOf(await tpmKey(other.tpm, place))).toBe('TAMPERED');
    await writeFile(file, stored.subarray(1));
    expect(codeOf(await tpmKey(emulated.tpm, place))).toBe('TAMPERED');
    await writeFile(file, stored);

    await unwrap(await open({ directory: place, sealingKey })).close();
    await emulated.kill();
    await emulated.revive();
    const revived = unwrap(await tpmKey(emulated.tpm, place));
    expect(codeOf(await open({ directory: place, sealingKey: revived }))).toBe('OK');
    await emulated.stop();
    await other.stop();
  });
});
