import { ECDH, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Backend,
  createBackend,
  createMemoryKeys,
  createMemoryStore,
  softwareVerifier,
  createSandboxRail,
  type Outcome,
  readSchemeFile,
  SANDBOX_SCHEME,
  type TpmTrust,
  tpmVerifier,
} from '@tallystick/backend';
import {
  ASSURANCE,
  type Bytes,
  credential as credentialCodec,
  decodeAttestation,
  decodeBody,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  encodeBody,
  type Enrolment,
  enrolment as enrolmentCodec,
  enrolmentBinding,
  enrolmentReply,
  enrolmentRequest,
  ES256,
  type Introduction,
  introduction as introductionCodec,
  type SignedImage,
  type TpmAttestation,
  type TpmStatement,
  unwrap,
} from '@tallystick/protocol';
import { softwarePublicKey } from '@tallystick/protocol/software';
import type { Element } from '@tallystick/tre';
import { bundleTrustedApp } from '@tallystick/tre/image';
import { openKeysOnly } from '@tallystick/tre/keys-only';
import { openTee } from '@tallystick/tre/tee';
import { type OpenTpm, openTpm, startEmulator, TpmManufacturer } from '@tallystick/tre/tpm';
import { encodeCommand, readReply } from '@tallystick/trusted-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const skip = !existsSync('/usr/bin/swtpm_setup') && process.env.CI !== 'true';
/** An hour after the maker of TPMs was made: its certificates are of this very day. */
let now: number;
const clock = (): number => now;

let folder: string;
let maker: TpmManufacturer;
let believed: string;
let code: Bytes;

beforeAll(async () => {
  if (skip) return;
  folder = await mkdtemp(join(tmpdir(), 'attestation-'));
  maker = await TpmManufacturer.in(join(folder, 'maker'));
  believed = (await maker.certificates()).issuing;
  now = Math.floor(new X509Certificate(believed).validFromDate.getTime() / 1000) + 3_600;
  ({ code } = await bundleTrustedApp());
});
afterAll(async () => {
  if (!skip) await rm(folder, { recursive: true });
});

/** A backend in memory that believes some makers of TPMs. */
async function office(trust: Partial<TpmTrust> = {}): Promise<Backend> {
  const store = createMemoryStore();
  const random = (length: number): Bytes => Uint8Array.from(randomBytes(length));
  return createBackend({
    scheme: await readSchemeFile(SANDBOX_SCHEME),
    store,
    keys: createMemoryKeys(random),
    rail: createSandboxRail(store),
    verifyMany: softwareVerifier,
    clock,
    random,
    ownImage: code,
    attestations: [tpmVerifier({ roots: [believed], bootDigests: null, ...trust })],
  });
}

/** What runs where: a purse with its hardware, each in folders of its own. */
interface Device {
  readonly element: Element;
  close(): Promise<void>;
}

let devices = 0;
const newFolder = (): string => join(folder, `device-${++devices}`);

async function imageOf(backend: Backend): Promise<SignedImage> {
  const offered = await backend.offeredImage();
  if (offered === null) throw new Error('no image is offered');
  return { manifest: offered.wire, code };
}

async function keysOnly(backend: Backend, by: TpmManufacturer | null = maker): Promise<Device> {
  const own = newFolder();
  const tpm = await newTpm(own, by);
  const options = { publisher: backend.authority.publisher, image: await imageOf(backend), clock };
  const element = unwrap(await openKeysOnly({ directory: join(own, 'purse'), tpm, ...options }));
  return {
    element,
    close: async () => {
      await element.close();
      await tpm.close();
    },
  };
}

async function newTpm(own: string, by: TpmManufacturer | null): Promise<OpenTpm> {
  await by?.make(join(own, 'tpm'));
  return openTpm((await startEmulator(join(own, 'tpm'))).line);
}

async function tee(backend: Backend, counter = true): Promise<Device> {
  const own = newFolder();
  await maker.make(join(own, 'tpm'));
  const element = unwrap(
    await openTee({
      directory: join(own, 'purse'),
      tpm: async () => (await startEmulator(join(own, 'tpm'))).line,
      publisher: backend.authority.publisher,
      image: await imageOf(backend),
      clock,
      counter,
    }),
  );
  return { element, close: () => element.close() };
}

/** The challenge that a device's hardware reads from the credential made for it. */
async function challengeFor({ element }: Device, backend: Backend): Promise<Bytes> {
  const introduction = await element.attester?.introduce();
  if (introduction === undefined || introduction === null) throw new Error('nothing introduced');
  const sealed = await backend.sealedChallenge(encodeBody(introductionCodec, introduction));
  if (!sealed.ok) throw new Error(sealed.error.message);
  const challenge = await element.attester?.activate(decodeBody(credentialCodec, sealed.value));
  if (challenge === undefined || challenge === null) throw new Error('the credential is another');
  return challenge;
}

async function enrolmentOf({ element }: Device, challenge: Bytes): Promise<Bytes> {
  const command = encodeCommand({ kind: 2, alg: ES256, challenge, pin: null });
  const reply = unwrap(readReply(await element.execute(command)));
  if (reply.kind !== 2) throw new Error('no enrolment');
  return reply.enrolment;
}

let accounts = 0;

/** What the backend makes of an enrolment: the assurance that it certifies, or a refusal. */
async function judged(backend: Backend, enrolment: Bytes): Promise<number | string> {
  const account = `account-${++accounts}`;
  const participant = 'ALPHSESS';
  const holder = { participant, account, currency: 978, balance: 0n, acceptancePoint: null };
  await backend.rail.open(holder);
  const body = encodeBody(enrolmentRequest, { enrolment, participant, account });
  const outcome: Outcome<Bytes> = await backend.enrol(body);
  if (!outcome.ok) return `${outcome.error.code} ${outcome.error.message}`;
  const { certificate } = decodeBody(enrolmentReply, outcome.value);
  return decodePurseCertificate(certificate).profile.assurance;
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
    const backend = await office();
    const cases = [
      [await keysOnly(backend), ASSURANCE.keysOnly],
      [await tee(backend, false), ASSURANCE.keysOnly],
      [await tee(backend), ASSURANCE.teeEmulation],
    ] as const;
    for (const [device, worth] of cases) {
      const enrolment = await enrolmentOf(device, await challengeFor(device, backend));
      expect(await judged(backend, enrolment)).toBe(worth);
      await device.close();
    }
  });

  test('is not given to a challenge that was not read from a credential', async () => {
    const backend = await office();
    const device = await keysOnly(backend);
    await challengeFor(device, backend);
    const first = await enrolmentOf(device, backend.challenge());
    // Evidence there is, since a credential was read; for another challenge than this one.
    expect(await judged(backend, first)).toContain('CHALLENGE_REFUSED');
    const second = await enrolmentOf(device, backend.challenge());
    expect(read(second).evidence).toEqual(new Uint8Array(0));
    expect(await judged(backend, second)).toBe(ASSURANCE.software);
    await device.close();
  });

  test('goes up to a root through what stands between', async () => {
    const { root, issuing } = await maker.certificates();
    const backend = await office({ roots: [root] });
    const device = await keysOnly(backend);
    const introduction = await device.element.attester?.introduce();
    if (introduction === undefined || introduction === null) throw new Error('nothing introduced');
    const short = encodeBody(introductionCodec, introduction);
    expect(await backend.sealedChallenge(short)).toMatchObject({
      ok: false,
      error: { code: 'ATTESTATION_REFUSED' },
    });
    const between = Uint8Array.from(new X509Certificate(issuing).raw);
    const whole = { ...introduction, chain: [...introduction.chain, between] };
    const sealed = await backend.sealedChallenge(encodeBody(introductionCodec, whole));
    expect(sealed.ok).toBe(true);
    await device.close();
  });

  test('of TPMs of an unknown maker, and of none, is refused', async () => {
    const backend = await office();
    const other = await TpmManufacturer.in(join(folder, 'other maker'));
    const foreign = await keysOnly(backend, other);
    const introduction = await foreign.element.attester?.introduce();
    const own = await keysOnly(backend, null);
    expect(await own.element.attester?.introduce()).toBeNull();
    const why = (from: Introduction): Promise<Outcome<Bytes>> =>
      backend.sealedChallenge(encodeBody(introductionCodec, from));
    if (introduction === undefined || introduction === null) throw new Error('nothing introduced');
    const refused = { ok: false, error: { code: 'ATTESTATION_REFUSED' } };
    expect(await why(introduction)).toMatchObject(refused);
    expect(await why({ ...introduction, chain: [] })).toMatchObject(refused);
    const { issuing } = await maker.certificates();
    const authority = Uint8Array.from(new X509Certificate(issuing).raw);
    expect(await why({ ...introduction, chain: [authority] })).toMatchObject(refused);
    expect(await why({ ...introduction, chain: [Uint8Array.of(1)] })).toMatchObject(refused);
    await foreign.close();
    await own.close();
  });

  test('reaches no other TPM: a credential opens where it was made for', async () => {
    const backend = await office();
    const [mine, other] = [await keysOnly(backend), await keysOnly(backend)];
    const introduction = await mine.element.attester?.introduce();
    const others = await other.element.attester?.introduce();
    if (introduction === undefined || introduction === null) throw new Error('nothing introduced');
    if (others === undefined || others === null) throw new Error('nothing introduced');
    const seal = async (from: Introduction): Promise<Bytes> => {
      const sealed = await backend.sealedChallenge(encodeBody(introductionCodec, from));
      return sealed.ok ? sealed.value : new Uint8Array(0);
    };
    const forMine = decodeBody(credentialCodec, await seal(introduction));
    expect(await other.element.attester?.activate(forMine)).toBeNull();
    // The certificate of a genuine TPM with an attestation key that is not in it.
    const mixed = { ...introduction, attestationKey: others.attestationKey };
    const forMixed = decodeBody(credentialCodec, await seal(mixed));
    expect(await mine.element.attester?.activate(forMixed)).toBeNull();
    expect(await other.element.attester?.activate(forMixed)).toBeNull();
    await mine.close();
    await other.close();
  });

  test('of a platform that booted something else is refused', async () => {
    const backend = await office({ bootDigests: [new Uint8Array(32)] });
    const device = await keysOnly(backend);
    const enrolment = await enrolmentOf(device, await challengeFor(device, backend));
    expect(await judged(backend, enrolment)).toMatch(/^ATTESTATION_REFUSED .*booted/);
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
    const backend = await office();
    const device = await tee(backend);
    const wire = await enrolmentOf(device, await challengeFor(device, backend));
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
        now: clock(),
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
    expect(await judged(backend, wire)).toBe(ASSURANCE.teeEmulation);
    await device.close();
  });
});
