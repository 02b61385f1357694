import { ECDH, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { softwareVerifier, tpmVerifier } from '@tallystick/backend';
import {
  ASSURANCE,
  type Bytes,
  decodeAttestation,
  decodePayload,
  decodeSigned,
  type Enrolment,
  enrolment as enrolmentCodec,
  enrolmentBinding,
  ES256,
  type TpmAttestation,
  type TpmStatement,
  unwrap,
} from '@tallystick/protocol';
import { softwarePublicKey } from '@tallystick/protocol/software';
import type { Attester, Element } from '@tallystick/tre';
import { openKeysOnly } from '@tallystick/tre/keys-only';
import { openTee } from '@tallystick/tre/tee';
import { openTpm, startEmulator, TpmManufacturer } from '@tallystick/tre/tpm';
import { encodeCommand, readReply } from '@tallystick/trusted-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AttestationDesk, introductionOf } from './attestation-desk.ts';

const skip = !existsSync('/usr/bin/swtpm_setup') && process.env.CI !== 'true';

let folder: string;
let maker: TpmManufacturer;

beforeAll(async () => {
  if (skip) return;
  folder = await mkdtemp(join(tmpdir(), 'attestation-'));
  maker = await TpmManufacturer.in(join(folder, 'maker'));
});
afterAll(async () => {
  if (!skip) await rm(folder, { recursive: true });
});

/** A purse with its hardware, in a folder of its own. */
interface Device {
  readonly element: Element;
  close(): Promise<void>;
}

let devices = 0;
const newFolder = (): string => join(folder, `device-${++devices}`);

async function keysOnly(
  { backend, image, clock }: AttestationDesk,
  by: TpmManufacturer | null = maker,
): Promise<Device> {
  const own = newFolder();
  await by?.make(join(own, 'tpm'));
  const tpm = await openTpm((await startEmulator(join(own, 'tpm'))).line);
  const { publisher } = backend.authority;
  const directory = join(own, 'purse');
  const element = unwrap(await openKeysOnly({ directory, tpm, publisher, image, clock }));
  return {
    element,
    close: async () => {
      await element.close();
      await tpm.close();
    },
  };
}

async function tee({ backend, image, clock }: AttestationDesk, counter = true): Promise<Device> {
  const own = newFolder();
  await maker.make(join(own, 'tpm'));
  const { publisher } = backend.authority;
  const tpm = async () => (await startEmulator(join(own, 'tpm'))).line;
  const directory = join(own, 'purse');
  const element = unwrap(await openTee({ directory, tpm, publisher, image, clock, counter }));
  return { element, close: () => element.close() };
}

/** The hardware that vouches for a device's keys. */
function attesterOf({ element }: Device): Attester {
  if (element.attester === undefined) throw new Error('nothing vouches for its keys');
  return element.attester;
}

async function enrolmentOf({ element }: Device, challenge: Bytes): Promise<Bytes> {
  const command = encodeCommand({ kind: 2, alg: ES256, challenge, pin: null });
  const reply = unwrap(readReply(await element.execute(command)));
  if (reply.kind !== 2) throw new Error('no enrolment');
  return reply.enrolment;
}

const read = (wire: Bytes): Enrolment =>
  decodePayload(decodeSigned(wire).payload, enrolmentCodec, 'enrolment');

function evidenceIn(wire: Bytes): TpmAttestation {
  const attestation = decodeAttestation(read(wire).evidence);
  if (attestation.kind !== 1) throw new Error('no evidence of a TPM');
  return attestation;
}

describe.skipIf(skip)('attestation by a TPM (TS-ATT-3)', () => {
  test('of a key, and of the counter that the state hangs on, is worth what the scheme says', async () => {
    const desk = await AttestationDesk.open(maker);
    const cases = [
      [await keysOnly(desk), ASSURANCE.keysOnly],
      [await tee(desk, false), ASSURANCE.keysOnly],
      [await tee(desk), ASSURANCE.teeEmulation],
    ] as const;
    for (const [device, worth] of cases) {
      const enrolment = await enrolmentOf(device, await desk.challengeFor(attesterOf(device)));
      expect(await desk.enrol(enrolment)).toBe(worth);
      await device.close();
    }
  });

  test('is not given to a challenge that was not read from a credential', async () => {
    const desk = await AttestationDesk.open(maker);
    const device = await keysOnly(desk);
    await desk.challengeFor(attesterOf(device));
    const first = await enrolmentOf(device, desk.backend.challenge());
    // Evidence there is, since a credential was read; for another challenge than this one.
    expect(await desk.enrol(first)).toContain('CHALLENGE_REFUSED');
    const second = await enrolmentOf(device, desk.backend.challenge());
    expect(read(second).evidence).toEqual(new Uint8Array(0));
    expect(await desk.enrol(second)).toBe(ASSURANCE.software);
    await device.close();
  });

  test('goes up to a root through what stands between', async () => {
    const { root, issuing } = await maker.certificates();
    const desk = await AttestationDesk.open(maker, { roots: [root] });
    const device = await keysOnly(desk);
    const introduction = await introductionOf(attesterOf(device));
    expect(await desk.challenge(introduction)).toContain('ATTESTATION_REFUSED');
    const between = Uint8Array.from(new X509Certificate(issuing).raw);
    const chain = [...introduction.chain, between];
    expect(await desk.challenge({ ...introduction, chain })).toHaveProperty('secret');
    await device.close();
  });

  test('of TPMs of an unknown maker, and of none, is refused', async () => {
    const desk = await AttestationDesk.open(maker);
    const foreign = await keysOnly(desk, await TpmManufacturer.in(join(folder, 'other maker')));
    const introduction = await introductionOf(attesterOf(foreign));
    const { issuing } = await maker.certificates();
    const authority = Uint8Array.from(new X509Certificate(issuing).raw);
    for (const [chain, why] of [
      [introduction.chain, 'no maker that the scheme knows'],
      [[], 'no certificate'],
      [[authority], 'of an authority'],
      [[Uint8Array.of(1)], 'cannot be read'],
      [[...introduction.chain, authority], 'not issued by the next'],
    ] as const) {
      expect(await desk.challenge({ ...introduction, chain })).toMatch(
        new RegExp(`^ATTESTATION_REFUSED .*${why}`),
      );
    }
    const unmade = await keysOnly(desk, null);
    expect(await attesterOf(unmade).introduce()).toBeNull();
    for (const device of [foreign, unmade]) await device.close();
  });

  test('reaches no other TPM: a credential opens where it was made for', async () => {
    const desk = await AttestationDesk.open(maker);
    const [mine, other] = [await keysOnly(desk), await keysOnly(desk)];
    const introduction = await introductionOf(attesterOf(mine));
    const { attestationKey } = await introductionOf(attesterOf(other));
    const forMine = await desk.challenge(introduction);
    // The certificate of a genuine TPM, with an attestation key that is not in it.
    const forMixed = await desk.challenge({ ...introduction, attestationKey });
    for (const [device, credential] of [
      [other, forMine],
      [mine, forMixed],
      [other, forMixed],
    ] as const) {
      if (typeof credential === 'string') throw new Error(credential);
      expect(await attesterOf(device).activate(credential)).toBeNull();
    }
    for (const device of [mine, other]) await device.close();
  });

  test('of a platform that booted something else is refused', async () => {
    const desk = await AttestationDesk.open(maker, { bootDigests: [new Uint8Array(32)] });
    const device = await keysOnly(desk);
    const enrolment = await enrolmentOf(device, await desk.challengeFor(attesterOf(device)));
    expect(await desk.enrol(enrolment)).toMatch(/^ATTESTATION_REFUSED .*booted/);
    await device.close();
  });
});

describe.skipIf(skip)('evidence of a TPM that was meddled with (TS-ATT-4)', () => {
  const own = softwarePublicKey(ES256, new Uint8Array(32).fill(7));

  /** The public area of a key in software, as if the TPM had made it. */
  function withOwnKey(area: Bytes): Bytes {
    const point = ECDH.convertKey(own.bytes, 'prime256v1', undefined, undefined, 'uncompressed');
    const [x, y] = [(point as Buffer).subarray(1, 33), (point as Buffer).subarray(33)];
    return Uint8Array.of(...area.subarray(0, -68), 0, 32, ...x, 0, 32, ...y);
  }

  test('is refused, and says what of it is not so', async () => {
    const desk = await AttestationDesk.open(maker);
    const device = await tee(desk);
    const wire = await enrolmentOf(device, await desk.challengeFor(attesterOf(device)));
    const [genuine, enrolment] = [evidenceIn(wire), read(wire)];
    const { key, certified, quote, counter } = genuine;
    if (counter === null) throw new Error('no counter');
    const spoilt = ({ attest, signature }: TpmStatement, at: number): TpmStatement => ({
      attest: attest.with(at, (attest[at] ?? 0) ^ 1),
      signature,
    });
    const judge = async (
      change: Partial<TpmAttestation>,
      of: Partial<Enrolment> = {},
    ): Promise<string> => {
      const verdict = await tpmVerifier({ roots: [], bootDigests: null }).verify({
        attestation: { ...genuine, ...change },
        enrolment: { ...enrolment, ...of },
        binding: enrolmentBinding({ ...enrolment, ...of, key: enrolment.key }),
        now: desk.clock(),
        verifyMany: softwareVerifier,
      });
      return verdict.ok ? 'genuine' : verdict.error.message;
    };
    const handle = counter.handle + 1;
    const last = counter.certified.attest.length - 1;
    const cases: [string, Partial<TpmAttestation>, Partial<Enrolment>?][] = [
      ['genuine', {}],
      ['another key than the enrolled one', {}, { key: own.bytes }],
      ['of another enrolment', {}, { challenge: new Uint8Array(32) }],
      ['of another enrolment', {}, { measurement: new Uint8Array(32) }],
      ['it certified another key', { key: withOwnKey(key) }, { key: own.bytes }],
      ['the enrolled key ends too early', { key: key.slice(0, -1) }],
      ['the enrolled key is longer', { key: Uint8Array.of(...key, 0) }],
      ['the enrolled key is of another kind', { key: genuine.attestationKey }],
      ['the attestation key is of another kind', { attestationKey: key }],
      ['the statement is not of a TPM', { certified: spoilt(certified, 0) }],
      ['the TPM says something else', { certified: quote }],
      ['the TPM says something else', { quote: certified }],
      ['a signature is wrong', { quote: { ...quote, signature: certified.signature } }],
      ['no counter that only ever grows', { counter: { ...counter, handle } }],
      [
        'a signature is wrong',
        { counter: { ...counter, certified: spoilt(counter.certified, last) } },
      ],
    ];
    for (const [why, change, of] of cases) expect(await judge(change, of)).toContain(why);
    expect(await desk.enrol(wire)).toBe(ASSURANCE.teeEmulation);
    await device.close();
  });
});
