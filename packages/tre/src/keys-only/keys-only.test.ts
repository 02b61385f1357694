import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { decodePurseCertificate, type Result, unwrap } from '@tallystick/protocol';
import { testScheme } from '@tallystick/trusted-app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExaminedPurse } from '../conformance/purse.ts';
import { nativeVerifier } from '../node/native-crypto.ts';
import { decodeStateFile, encodeStateFile } from '../node/state-file.ts';
import type { Element } from '../port.ts';
import { withBalance } from '../testing/edited-state.ts';
import { EmulatedTpm, skipTpm } from '../testing/emulated-tpm.ts';
import { TEST_PUBLISHER, testImage } from '../testing/image.ts';
import { CHEAP_STRETCH } from '../testing/plain-specimen.ts';
import { type OpenTpm, openTpm } from '../tpm/open.ts';
import { openKeysOnly } from './index.ts';

const scheme = testScheme();
let emulated: EmulatedTpm;
let folder = '';

beforeAll(async () => {
  if (skipTpm) return;
  emulated = await EmulatedTpm.start();
  ({ folder } = emulated);
});

afterAll(async () => {
  if (!skipTpm) await emulated.stop();
});

const codeOf = (result: Result<unknown>): string => (result.ok ? 'OK' : result.error.code);

async function open(directory: string, by: OpenTpm = emulated.tpm): Promise<Result<Element>> {
  return openKeysOnly({
    directory,
    tpm: by,
    clock: () => null,
    stretchCost: CHEAP_STRETCH,
    publisher: TEST_PUBLISHER,
    image: await testImage(),
  });
}

/** A purse with that much money in a directory; closed. */
async function purseIn(name: string, amount: bigint): Promise<ExaminedPurse> {
  const directory = join(folder, name);
  const specimen = { open: () => open(directory), dispose: () => Promise.resolve() };
  const element = unwrap(await specimen.open());
  const purse = new ExaminedPurse(specimen, scheme.participants[0], element);
  purse.certificate = purse.participant.certify(await purse.prepare());
  await purse.get(purse.personalisation(scheme, purse.certificate), 0);
  await purse.load(amount);
  await purse.element.close();
  return purse;
}

describe.skipIf(skipTpm)('a key that a TPM holds', () => {
  it('is nowhere in the files, in no form that anything but that TPM can use', async () => {
    await purseIn('files', 10n);
    const names = await readdir(join(folder, 'files'));
    expect(names.filter((name) => name.startsWith('key-'))).toEqual([
      expect.stringMatching(/^key-0-[0-9a-f]{16}\.tpm$/),
    ]);
    const other = await EmulatedTpm.start();
    expect(codeOf(await open(join(folder, 'files'), other.tpm))).toBe('TAMPERED');
    await other.stop();
    const own = unwrap(await open(join(folder, 'files')));
    await own.close();
  });

  it('does not load with any byte changed', async () => {
    await purseIn('bytes', 10n);
    const directory = join(folder, 'bytes');
    const name = (await readdir(directory)).find((each) => each.startsWith('key-')) ?? '';
    const key = Uint8Array.from(await readFile(join(directory, name)));
    for (let at = 0; at < key.length; at += 11) {
      await writeFile(join(directory, name), key.with(at, (key[at] ?? 0) ^ 1));
      expect([at, codeOf(await open(directory))]).toEqual([at, 'TAMPERED']);
    }
    await writeFile(join(directory, name), key);
    const opened = unwrap(await open(directory));
    await opened.close();
  });
});

describe.skipIf(skipTpm)('whoever may use the TPM', () => {
  it('has it sign with the key of a purse whose files they have', async () => {
    const purse = await purseIn('used', 10n);
    const names = await readdir(join(folder, 'used'));
    const file = join(folder, 'used', names.find((name) => name.startsWith('key-')) ?? '');
    const { keys } = emulated.tpm;
    const key = await keys.read(Uint8Array.from(await readFile(file)));
    if (key === null) throw new Error('the TPM does not load it');
    const message = Uint8Array.of(1, 2, 3);
    const signature = await keys.sign(key, message);
    const { key: certified } = decodePurseCertificate(purse.certificate);
    expect(nativeVerifier(1)({ key: certified, message, signature })).toBe(true);
  });
});

describe.skipIf(skipTpm)('keys alone do not protect a balance', () => {
  it('an old copy of the directory spends the same money again, under the very same key', async () => {
    const payer = await purseIn('rollback', 100n);
    const payees = [await purseIn('payee-1', 1n), await purseIn('payee-2', 1n)];
    await cp(join(folder, 'rollback'), join(folder, 'copy'), { recursive: true });
    for (const payee of payees) {
      await payee.open();
      await payer.open();
      const request = await payee.request(100n);
      const { message } = await payer.pay(request, payee);
      await payee.receive(message, request, payer);
      await payer.element.close();
      await rm(join(folder, 'rollback'), { recursive: true });
      await cp(join(folder, 'copy'), join(folder, 'rollback'), { recursive: true });
    }
    const held = await Promise.all(payees.map(async (payee) => (await payee.status()).balance));
    expect(held).toEqual([101n, 101n]);
    for (const payee of payees) await payee.element.close();
  });

  it('and an edited balance is believed: the checksum of a state is no secret', async () => {
    const purse = await purseIn('edited', 5n);
    const file = join(folder, 'edited', 'state');
    const committed = unwrap(decodeStateFile(Uint8Array.from(await readFile(file))));
    const state = withBalance(committed.state ?? new Uint8Array(0), 1_005n);
    await writeFile(file, encodeStateFile({ ...committed, state }));
    await purse.open();
    expect((await purse.status()).balance).toBe(1_005n);
    await purse.element.close();
  });
});

describe.skipIf(skipTpm)('a TPM that fails', () => {
  it('in the middle of a command ends the element; the purse goes on with the next one', async () => {
    const dying = await EmulatedTpm.start();
    const directory = join(folder, 'dying');
    const specimen = { open: () => open(directory, dying.tpm), dispose: () => Promise.resolve() };
    const element = unwrap(await specimen.open());
    const purse = new ExaminedPurse(specimen, scheme.participants[0], element);
    purse.certificate = purse.participant.certify(await purse.prepare());
    await purse.get(purse.personalisation(scheme, purse.certificate), 0);
    await purse.load(50n);
    await dying.kill();
    await expect(purse.request(1n)).rejects.toThrow('the element is gone');
    await purse.element.close();
    expect(codeOf(await open(directory, dying.tpm))).toBe('HARDWARE_FAILED');
    await dying.revive();
    await purse.open();
    expect((await purse.status()).balance).toBe(50n);
    await purse.request(1n);
    await purse.element.close();
    await dying.stop();
  });

  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  /** Something that is no TPM, on a socket. */
  async function impostor(
    name: string,
    answer: (command: Buffer) => Uint8Array | null,
  ): Promise<string> {
    const path = join(folder, name);
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (command) => {
        const response = answer(command);
        if (response === null) socket.destroy();
        else socket.write(response);
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return path;
  }

  it.each<[string, (command: Buffer) => Uint8Array | null, string]>([
    ['hangs up', () => null, 'TPM_UNREACHABLE'],
    ['says nothing', () => new Uint8Array(0), 'TPM_UNREACHABLE'],
    [
      'says less than it announces',
      () => Uint8Array.of(0x80, 1, 0, 0, 0, 20, 0, 0, 0, 0),
      'TPM_UNREACHABLE',
    ],
    [
      'says more than it announces',
      () => Uint8Array.of(0x80, 1, 0, 0, 0, 10, 0, 0, 0, 0, 9),
      'TPM_MALFORMED',
    ],
    [
      'announces far too much',
      () => Uint8Array.of(0x80, 1, 0x7f, 0, 0, 0, 0, 0, 0, 0),
      'TPM_MALFORMED',
    ],
    [
      'succeeds without a handle',
      () => Uint8Array.of(0x80, 1, 0, 0, 0, 10, 0, 0, 0, 0),
      'TPM_MALFORMED',
    ],
    ['refuses', () => Uint8Array.of(0x80, 1, 0, 0, 0, 10, 0, 0, 1, 1), 'TPM_REFUSED'],
    ['is busy for ever', () => Uint8Array.of(0x80, 1, 0, 0, 0, 10, 0, 0, 9, 0x22), 'TPM_REFUSED'],
  ])('is told apart in bounded time: one that %s', async (name, answer, code) => {
    const socket = await impostor(name.replaceAll(' ', '-'), answer);
    await expect(openTpm({ socket }, 200)).rejects.toMatchObject({ name: 'TpmFailure', code });
  });

  it('is not there at all', async () => {
    const nowhere = [{ socket: join(folder, 'none') }, { device: join(folder, 'none') }];
    for (const address of nowhere) {
      await expect(openTpm(address)).rejects.toMatchObject({ code: 'TPM_UNREACHABLE' });
    }
  });
});
