import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  concat,
  decodeSigned,
  encodeSigned,
  ES256,
  type Result,
  sha256,
  type SignedImage,
  toHex,
  unwrap,
} from '@tallystick/protocol';
import { softwarePublicKey } from '@tallystick/protocol/software';
import { testScheme } from '@tallystick/trusted-app/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExaminedPurse } from '../conformance/purse.ts';
import { hostIn, launchHere, openIn } from '../node/open.ts';
import { nativeVerifier, openPlainProcess, PLAIN } from '../plain-process/index.ts';

import type { Element } from '../port.ts';
import { signCode, TEST_PUBLISHER, testImage } from '../testing/image.ts';
import { ModelledDisk } from '../testing/modelled-folder.ts';
import { CHEAP_STRETCH } from '../testing/plain-specimen.ts';
import { encodeReturn } from './border.ts';
import { launch } from './launch.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

const first = await testImage();
/** The same trusted application, in other bytes. */
const grown = concat(first.code, ascii('\n// newer'));
const second = signCode(grown, 2);

const codeOf = (result: Result<unknown>): string => (result.ok ? 'OK' : result.error.code);

let folder = '';
const opened: Element[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'image-'));
});
afterEach(async () => {
  for (const element of opened.splice(0)) await element.close();
  await rm(folder, { recursive: true });
});

async function open(image?: SignedImage, publisher = TEST_PUBLISHER): Promise<Result<Element>> {
  const result = await openPlainProcess({
    directory: folder,
    clock: () => null,
    stretchCost: CHEAP_STRETCH,
    publisher,
    ...(image === undefined ? {} : { image }),
  });
  if (result.ok) opened.push(result.value);
  return result;
}

async function openOnce(image?: SignedImage): Promise<string> {
  const result = await open(image);
  const measurement = result.ok ? toHex(await result.value.measurement()) : result.error.code;
  if (result.ok) await result.value.close();
  return measurement;
}

const measurementOf = ({ code }: SignedImage): string => toHex(sha256(code));

describe('an environment that runs images', () => {
  it('starts no image where there is none', async () => {
    expect(codeOf(await open())).toBe('IMAGE_DIFFERS');
    expect(await readdir(folder)).not.toContain('state');
  });

  it('says which image runs, and runs it again when it is given none (TS-IMG-4)', async () => {
    const expected = measurementOf(first);
    expect(await openOnce(first)).toBe(expected);
    expect(await openOnce()).toBe(expected);
    expect(await openOnce(first)).toBe(expected);
  });

  it('takes a newer one, keeps it, and removes the one before (TS-IMG-3)', async () => {
    await openOnce(first);
    expect(await openOnce(second)).toBe(measurementOf(second));
    expect(await openOnce()).toBe(measurementOf(second));
    const images = (await readdir(folder)).filter((name) => name.startsWith('image-'));
    expect(images.length).toBe(1);
  });

  it('never goes back to an older one, in whichever order it is tried (TS-IMG-3)', async () => {
    await openOnce(first);
    await openOnce(second);
    expect(codeOf(await open(first))).toBe('IMAGE_DOWNGRADE');
    expect(await openOnce()).toBe(measurementOf(second));
    expect(codeOf(await open(first))).toBe('IMAGE_DOWNGRADE');
  });

  it('refuses a second image of one version (TS-IMG-3)', async () => {
    await openOnce(first);
    expect(codeOf(await open(signCode(grown, 1)))).toBe('IMAGE_DOWNGRADE');
    expect(await openOnce()).toBe(measurementOf(first));
  });

  it.each([
    ['with a byte changed', first.code.with(9, 0x20), 'IMAGE_DIFFERS'],
    ['with a byte more', Uint8Array.from([...first.code, 0x20]), 'IMAGE_DIFFERS'],
    ['with a byte less', first.code.slice(0, -1), 'IMAGE_DIFFERS'],
  ])('refuses an image %s (TS-IMG-2)', async (_, code, expected) => {
    expect(codeOf(await open({ ...first, code }))).toBe(expected);
    expect(await readdir(folder)).not.toContain('state');
  });

  it('refuses an image with another signature, and one of another publisher (TS-IMG-2)', async () => {
    const signed = decodeSigned(first.manifest);
    const signature = decodeSigned(second.manifest).signature;
    const manifest = encodeSigned({ ...signed, signature });
    expect(codeOf(await open({ ...first, manifest }))).toBe('BAD_SIGNATURE');
    const other = softwarePublicKey(ES256, new Uint8Array(32).fill(7));
    expect(codeOf(await open(first, other))).toBe('UNKNOWN_ISSUER');
    expect(codeOf(await open({ ...first, manifest: Uint8Array.of(1) }))).toBe('WRONG_KIND');
  });

  it('loads no image into an engine before it is verified (TS-IMG-2)', async () => {
    let loaded = 0;
    const engine = (): never => {
      loaded += 1;
      throw new Error('loaded');
    };
    const run = async (image: SignedImage): Promise<string> => {
      const disk = new ModelledDisk();
      const host = unwrap(await hostIn(disk.folder(), PLAIN, { clock: () => null }));
      const options = { environment: 'test', publisher: TEST_PUBLISHER, verify: nativeVerifier(1) };
      return launch(host, { ...options, image, engine }).then(codeOf, () => 'loaded');
    };
    expect(await run({ ...first, code: grown })).toBe('IMAGE_DIFFERS');
    expect(await run({ ...second, code: first.code })).toBe('IMAGE_DIFFERS');
    expect(loaded).toBe(0);
    expect(await run(first)).toBe('loaded');
    expect(loaded).toBe(1);
  });

  it('does not run the image it keeps once somebody has changed it, until it is given again', async () => {
    await openOnce(first);
    const name = (await readdir(folder)).find((each) => each.startsWith('image-')) ?? '';
    const code = await readFile(join(folder, name));
    await writeFile(join(folder, name), code.with(9, 0x20));
    expect(codeOf(await open())).toBe('IMAGE_DIFFERS');
    await rm(join(folder, name));
    expect(codeOf(await open())).toBe('IMAGE_DIFFERS');
    expect(await openOnce(first)).toBe(measurementOf(first));
    expect(await openOnce()).toBe(measurementOf(first));
  });

  it('keeps the image before when the newer one cannot carry on from the state', async () => {
    const purse = await personalised(unwrap(await open(first)));
    await purse.element.close();
    // Answers whoever boots it as an image that cannot read the state.
    const refusal = encodeReturn({ kind: 1, code: 'TAMPERED', message: 'x' });
    const answer = `Uint8Array.from([${refusal.join()}]).buffer`;
    const refusing = signCode(ascii(`var tallystick = { call: () => ${answer} }`), 3);
    expect(codeOf(await open(refusing))).toBe('TAMPERED');
    expect(await openOnce()).toBe(measurementOf(first));
  });
});

const scheme = testScheme();

async function personalised(element: Element): Promise<ExaminedPurse> {
  const specimen = { open: () => open(), dispose: () => Promise.resolve() };
  const purse = new ExaminedPurse(specimen, scheme.participants[0], element);
  purse.certificate = purse.participant.certify(await purse.prepare());
  await purse.get(purse.personalisation(scheme, purse.certificate), 0);
  return purse;
}

describe('a purse whose image is updated in place (TS-IMG-3)', () => {
  it('keeps its money, its key and its log', async () => {
    const payer = await personalised(unwrap(await open(first)));
    await payer.load(1_000n);
    const before = await payer.status();
    const log = await payer.element.readLog(1, before.seq);
    await payer.element.close();
    payer.element = unwrap(await open(second));
    expect(toHex(await payer.element.measurement())).toBe(measurementOf(second));
    expect(await payer.status()).toEqual(before);
    expect(await payer.element.readLog(1, before.seq)).toEqual(log);
    await payer.load(5n);
    expect((await payer.status()).balance).toBe(1_005n);
  });
});

describe('an update on a disk that fails', () => {
  /** More changes to the disk than an update makes. */
  const CHANGES_MAX = 14;
  const options = { clock: () => null, stretchCost: CHEAP_STRETCH, publisher: TEST_PUBLISHER };

  async function installed(): Promise<ModelledDisk> {
    const disk = new ModelledDisk('update');
    const element = unwrap(await openIn(disk.folder(), PLAIN, { ...options, image: first }));
    await element.close();
    return disk;
  }

  it('is refused for want of room and changes nothing, or is done; or the element is gone', async () => {
    const outcomes = new Set<string>();
    for (let at = 0; at < CHANGES_MAX; at++) {
      const disk = await installed();
      const host = unwrap(await hostIn(disk.folder(), PLAIN, options));
      disk.strike(at, 'full');
      const updated = await launchHere(host, PLAIN, {
        publisher: TEST_PUBLISHER,
        image: second,
      }).catch(() => null);
      if (updated?.ok === true) await updated.value.close();
      disk.spare();
      outcomes.add(updated === null ? 'gone' : codeOf(updated));
      const after = unwrap(await openIn(disk.folder(), PLAIN, options));
      const runs = toHex(await after.measurement());
      const isNew = runs === measurementOf(second);
      expect(isNew || runs === measurementOf(first)).toBe(true);
      expect([null, isNew]).toContain(updated?.ok ?? null);
      await after.close();
    }
    expect([...outcomes].toSorted()).toEqual(['OK', 'STORAGE_FAILED', 'gone']);
  });

  it('leaves one of the two images, whole, wherever the power fails', async () => {
    const found = new Set<string>();
    for (let at = 0; at < CHANGES_MAX; at++) {
      const disk = await installed();
      disk.strike(at, 'power');
      await openIn(disk.folder(), PLAIN, { ...options, image: second }).catch(() => null);
      disk.spare();
      disk.losePower();
      const after = unwrap(await openIn(disk.folder(), PLAIN, options));
      const runs = toHex(await after.measurement());
      found.add(runs === measurementOf(second) ? 'second' : 'first');
      expect([measurementOf(first), measurementOf(second)]).toContain(runs);
      await after.close();
    }
    expect([...found].toSorted()).toEqual(['first', 'second']);
  });
});
