import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Result, unwrap } from '@tallystick/protocol';
import { testScheme } from '@tallystick/trusted-app/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExaminedPurse } from '../conformance/purse.ts';
import { decodeStateFile, encodeStateFile } from '../node/state-file.ts';
import type { Element } from '../port.ts';
import { withBalance } from '../testing/edited-state.ts';
import { skipTpm } from '../testing/emulated-tpm.ts';
import { TEST_PUBLISHER, testImage } from '../testing/image.ts';
import { CHEAP_STRETCH } from '../testing/plain-specimen.ts';
import { type Cut, TpmRelay } from '../testing/tpm-relay.ts';
import { CC } from '../tpm/constants.ts';
import { startEmulator } from '../tpm/emulator.ts';
import { incrementCounter } from '../tpm/nv.ts';
import { type OpenTpm, openTpm } from '../tpm/open.ts';
import { reachTpm } from '../tpm/transport.ts';
import { openTee } from './index.ts';
import { TpmSealer } from './tpm-sealer.ts';

const scheme = testScheme();
let folder = '';
let relay: TpmRelay;
const opened: Element[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tee-'));
  relay = await TpmRelay.make();
});
afterEach(async () => {
  for (const element of opened.splice(0)) await element.close();
  await relay.stop();
  await rm(folder, { recursive: true });
});

const codeOf = (result: Result<unknown>): string => (result.ok ? 'OK' : result.error.code);

/** Opens the purse of a device whose TPM is another folder. */
async function open(directory = 'purse', chip = 'tpm', counter = true): Promise<Result<Element>> {
  const result = await openTee({
    directory: join(folder, directory),
    tpm: async () => relay.between((await startEmulator(join(folder, chip))).line as Socket),
    counter,
    clock: () => null,
    stretchCost: CHEAP_STRETCH,
    publisher: TEST_PUBLISHER,
    image: await testImage(),
  });
  if (result.ok) opened.push(result.value);
  return result;
}

async function purse(
  amount: bigint,
  directory?: string,
  counter?: boolean,
): Promise<ExaminedPurse> {
  const specimen = {
    open: () => open(directory, undefined, counter),
    dispose: () => Promise.resolve(),
  };
  const made = new ExaminedPurse(specimen, scheme.participants[0], unwrap(await specimen.open()));
  made.certificate = made.participant.certify(await made.prepare());
  await made.get(made.personalisation(scheme, made.certificate), 0);
  await made.load(amount);
  return made;
}

const copy = (from: string, to: string): Promise<void> =>
  cp(join(folder, from), join(folder, to), { recursive: true });

async function putBack(from: string, to: string): Promise<void> {
  await rm(join(folder, to), { recursive: true, force: true });
  await copy(from, to);
}

describe.skipIf(skipTpm)('the emulated TEE', () => {
  it('does not open an old copy of its folder; the newest one it does (TS-TRE-7)', async () => {
    const made = await purse(100n);
    await made.element.close();
    await copy('purse', 'before');
    await made.open();
    await made.load(1n);
    await made.element.close();
    await copy('purse', 'after');
    await putBack('before', 'purse');
    const refused = await open();
    expect(refused).toMatchObject({
      error: { code: 'TAMPERED', message: expect.stringContaining('older') as string },
    });
    // Nothing was lost by the attempt.
    await putBack('after', 'purse');
    await made.open();
    expect((await made.status()).balance).toBe(101n);
  });

  it('does not open a state that was prepared and never counted, though its count has come', async () => {
    const made = await purse(100n);
    // It is stored, and the TPM goes before it takes it up: whoever kills at this point has a spare.
    relay.cut = { at: 'command', code: CC.nvExtend, after: relay.seen.filter(isExtension).length };
    await expect(made.load(1n)).rejects.toThrow('the element is gone');
    await made.element.close();
    await copy('purse', 'spare');
    relay.cut = null;
    // The purse goes on from the state before, and does something else at that very position.
    await made.open();
    await made.load(2n);
    await made.element.close();
    // The spare is whole, and was sealed for the count at which the counter now stands.
    await rename('spare', 'state.new', 'state');
    await putBack('spare', 'purse');
    expect(codeOf(await open())).toBe('TAMPERED');
  });

  it('opens an old copy where its counter is turned off: that is what the counter contributes', async () => {
    const made = await purse(100n, undefined, false);
    await made.element.close();
    await copy('purse', 'before');
    await made.open();
    await made.load(1n);
    await made.element.close();
    await putBack('before', 'purse');
    await made.open();
    expect((await made.status()).balance).toBe(100n);
    await made.element.close();
    // Whoever has the files cannot turn it off: neither kind of state opens in the place of the other.
    expect(codeOf(await open())).toBe('TAMPERED');
    const counted = await purse(1n, 'counted');
    await counted.element.close();
    expect(codeOf(await open('counted', undefined, false))).toBe('TAMPERED');
    // Another TPM does not open it either way.
    expect(codeOf(await open('purse', 'another-tpm', false))).toBe('TAMPERED');
  });

  it('does not open on another device, nor with any byte of its state changed', async () => {
    const made = await purse(5n);
    await made.element.close();
    await copy('purse', 'stolen');
    expect(codeOf(await open('stolen', 'another-tpm'))).toBe('TAMPERED');
    const file = join(folder, 'purse', 'state');
    const committed = unwrap(decodeStateFile(Uint8Array.from(await readFile(file))));
    const sealed = committed.state ?? new Uint8Array(0);
    const spoilt = [3, 20, 60, 200, sealed.length >> 1, sealed.length - 1].map((at) =>
      sealed.with(at, (sealed[at] ?? 0) ^ 1),
    );
    for (const state of [...spoilt, sealed.slice(0, -1), new Uint8Array(0)]) {
      await writeFile(file, encodeStateFile({ ...committed, state }));
      expect(codeOf(await open())).toBe('TAMPERED');
    }
    await writeFile(file, encodeStateFile(committed));
    await made.open();
    expect((await made.status()).balance).toBe(5n);
  });

  it('keeps two purses in one TPM apart', async () => {
    const one = await purse(1n, 'one');
    await one.element.close();
    const other = await purse(2n, 'two');
    await other.element.close();
    await one.open();
    expect((await one.status()).balance).toBe(1n);
    await one.element.close();
    await other.open();
    expect((await other.status()).balance).toBe(2n);
  });

  it('is opened, forged and locked by whoever has its files and may use its TPM', async () => {
    const made = await purse(5n);
    await made.element.close();
    const file = join(folder, 'purse', 'state');
    const stored = Uint8Array.from(await readFile(file));
    const committed = unwrap(decodeStateFile(stored));
    await withTpm(async (tpm) => {
      const sealer = new TpmSealer(tpm, async () => true);
      const content = unwrap(await sealer.open(committed.state ?? new Uint8Array(0)));
      const state = withBalance(content.state ?? new Uint8Array(0), 1_005n);
      const forged = await sealer.seal({ ...content, state });
      await sealer.confirm();
      await writeFile(file, encodeStateFile({ ...committed, state: forged }));
    });
    await made.open();
    expect((await made.status()).balance).toBe(1_005n);
    await made.element.close();
    await withTpm(async (tpm) => {
      const sealer = new TpmSealer(tpm, async () => true);
      unwrap(await sealer.open(unwrap(decodeStateFile(await readFile(file))).state ?? stored));
      await incrementCounter(tpm.commands, sealer.counter ?? 0);
    });
    expect(codeOf(await open())).toBe('TAMPERED');
  });

  it('ends its process, and the way to its TPM with it, when it is closed', async () => {
    const made = await purse(1n);
    expect(processesOfElements()).toHaveLength(1);
    await made.element.close();
    expect(processesOfElements()).toEqual([]);
  });

  it('says so where there is no TPM', async () => {
    const result = await openTee({
      directory: join(folder, 'none'),
      tpm: () => reachTpm({ device: join(folder, 'no-such-device') }),
      clock: () => null,
      publisher: TEST_PUBLISHER,
    });
    expect(codeOf(result)).toBe('HARDWARE_FAILED');
  });
});

/** Works with the device's TPM as any program may that can reach it. */
async function withTpm(work: (tpm: OpenTpm) => Promise<void>): Promise<void> {
  const emulator = await startEmulator(join(folder, 'tpm'));
  const tpm = await openTpm(emulator.line);
  await work(tpm);
  await tpm.close();
  await emulator.stop();
}

const isExtension = (code: number): boolean => code === CC.nvExtend;

async function rename(directory: string, from: string, to: string): Promise<void> {
  await cp(join(folder, directory, from), join(folder, directory, to));
  await rm(join(folder, directory, from));
}

/** Children of this process that run an element. */
function processesOfElements(): string[] {
  const listed = execFileSync('ps', ['-o', 'args=', '--ppid', String(process.pid)]).toString();
  return listed.split('\n').filter((line) => line.includes('build/tee.mjs'));
}

/** Every command of a commit that changes something, lost on its way there, or its answer on the way back. */
const CUTS: readonly (readonly [string, Omit<Cut, 'after'>, 'before' | 'after'])[] = [
  ['before the state is sealed', { at: 'command', code: CC.create }, 'before'],
  ['before the chain takes it up', { at: 'command', code: CC.nvExtend }, 'before'],
  ['once the chain has taken it up', { at: 'response', code: CC.nvExtend }, 'after'],
  ['before the counter counts', { at: 'command', code: CC.nvIncrement }, 'after'],
  ['once the counter has counted', { at: 'response', code: CC.nvIncrement }, 'after'],
];

describe.skipIf(skipTpm)('a TPM that is gone in the middle of a commit', () => {
  it.each(CUTS)('%s: the purse goes on, once and for all', async (_, cut, expected) => {
    const made = await purse(100n);
    relay.cut = { ...cut, after: relay.seen.filter((code) => code === cut.code).length };
    await expect(made.load(50n)).rejects.toThrow('the element is gone');
    await made.element.close();
    relay.cut = null;
    await made.open();
    expect((await made.status()).balance).toBe(expected === 'before' ? 100n : 150n);
    // It does not hang on the one attempt: the next commits count as ever.
    await made.element.close();
    await made.open();
    await made.load(7n);
    expect((await made.status()).balance).toBe(expected === 'before' ? 107n : 157n);
  });
});
