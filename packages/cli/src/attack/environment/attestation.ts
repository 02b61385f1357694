import { join } from 'node:path';
import {
  type Bytes,
  decodePayload,
  decodeSigned,
  encodeCbor,
  encodeSigned,
  type Enrolment,
  enrolment as enrolmentCodec,
  enrolmentBinding,
  ES256,
  keyRef,
  NO_EXTERNAL,
  type PublicKey,
  sha256,
  toBeSigned,
} from '@tallystick/protocol';
import { softwarePublicKey, softwareSign } from '@tallystick/protocol/software';
import {
  defineIndex,
  incrementCounter,
  NV_COUNTER,
  type OpenTpm,
  openTpm,
  startEmulator,
  TpmManufacturer,
} from '@tallystick/tre/tpm';
import { AttestationDesk, introductionOf } from '../../environments/attestation-desk.ts';
import type { Arena } from '../arena.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';

/** Environments that a TPM vouches for, and the attacks that show what its word is worth. */
const ATTESTED = ['keys-only', 'tee'];

/** Whoever attacks has a genuine TPM of their own, and a backend that believes its maker. */
async function withTpm<T>(
  arena: Arena,
  work: (tpm: OpenTpm, desk: AttestationDesk) => Promise<T>,
  by?: TpmManufacturer,
): Promise<T> {
  const maker = await TpmManufacturer.in(join(arena.folder, 'maker'));
  const desk = await AttestationDesk.open(maker);
  const chip = join(arena.folder, 'tpm');
  await (by ?? maker).make(chip);
  const tpm = await openTpm((await startEmulator(chip)).line);
  try {
    return await work(tpm, desk);
  } finally {
    await tpm.close();
  }
}

/** An enrolment that no trusted application has made, signed by a key of the attacker's choice. */
async function enrolmentOf(
  { bytes, alg }: PublicKey,
  of: Omit<Enrolment, 'alg' | 'key'>,
  sign: (message: Bytes) => Promise<Bytes> | Bytes,
): Promise<Bytes> {
  const message = {
    alg,
    kid: keyRef({ alg, bytes }),
    external: NO_EXTERNAL,
    payload: encodeCbor(enrolmentCodec.encode({ alg, key: bytes, ...of })),
  };
  return encodeSigned({ ...message, signature: await sign(toBeSigned(message)) });
}

/** Evidence for a new key of the TPM, and for a counter where the environment has one; the enrolment with it. */
async function attestedEnrolment(
  tpm: OpenTpm,
  desk: AttestationDesk,
  environment: string,
): Promise<Bytes> {
  const challenge = await desk.challengeFor(tpm.attester);
  const key = await tpm.keys.make(ES256);
  if (key === null) throw new Error('the TPM made no key');
  const half = tpm.keys.publicHalf(key);
  const said = { measurement: sha256(desk.image.code), environment, challenge };
  const binding = enrolmentBinding({ alg: half.alg, key: half.bytes, ...said });
  const counter = environment === 'tee' ? await newCounter(tpm) : null;
  const evidence = await tpm.attester.evidence(key, binding, counter);
  return enrolmentOf(half, { ...said, evidence }, (message) => tpm.keys.sign(key, message));
}

async function newCounter({ commands }: OpenTpm): Promise<number> {
  const counter = await defineIndex(commands, NV_COUNTER);
  await incrementCounter(commands, counter);
  return counter;
}

const codeIn = (outcome: number | string): string | null =>
  typeof outcome === 'string' ? (outcome.split(' ')[0] ?? null) : null;

/** Software that is not the trusted application, on a machine with a genuine TPM. */
export const CUCKOO: Attack = {
  name: 'cuckoo attack',
  group: 'environment',
  attacker: 'root',
  reference: 'Parno, Bootstrapping Trust in a "Trusted" Platform (HotSec 2008)',
  aim: 'Have a genuine TPM vouch for a key that software of the attacker uses.',
  against: ATTESTED,
  run: (arena) =>
    withTpm(arena, async (tpm, desk) => {
      const { name } = arena.environment;
      const outcome = await desk.enrol(await attestedEnrolment(tpm, desk, name));
      const isCertified = typeof outcome === 'number';
      return finding(isCertified ? 'bounded' : 'prevented', {
        ran: `enrolled a key of a genuine TPM by a program that is no trusted application, as ${name}`,
        refusal: codeIn(outcome),
        remark: isCertified
          ? `certified with assurance ${outcome}: no hardware here measures the software, so ceilings of that tier are what a payee can lose`
          : null,
      });
    }),
};

/** Evidence that a genuine TPM has given once, for a key that is not in it. */
export const EVIDENCE_REPLAY: Attack = {
  name: 'attestation replay',
  group: 'environment',
  attacker: 'root',
  reference: 'RFC 9334 (RATS Architecture), 10 and 16.2',
  aim: 'Pass off a key in software under the evidence of a key in a TPM.',
  against: ATTESTED,
  run: (arena) =>
    withTpm(arena, async (tpm, desk) => {
      const genuine = await attestedEnrolment(tpm, desk, arena.environment.name);
      const { evidence, ...of } = decodePayload(
        decodeSigned(genuine).payload,
        enrolmentCodec,
        'enrolment',
      );
      const secret = sha256(of.challenge);
      const own = softwarePublicKey(ES256, secret);
      const sign = (message: Bytes): Bytes => softwareSign(ES256, secret, message);
      const { measurement, environment, challenge } = of;
      const said = { measurement, environment, evidence };
      const forged = await desk.enrol(await enrolmentOf(own, { ...said, challenge }, sign));
      const fresh = desk.backend.challenge();
      const later = await desk.enrol(await enrolmentOf(own, { ...said, challenge: fresh }, sign));
      const refusals = [codeIn(forged), codeIn(later)].filter((code) => code !== null);
      return finding(refusals.length === 2 ? 'prevented' : 'succeeded', {
        ran: 'sent the evidence of a key in a TPM with a key in software, to its own challenge and to another',
        refusal: refusals.length === 0 ? null : refusals.join(', '),
      });
    }),
};

/** A TPM that anybody can make. */
export const UNKNOWN_MAKER: Attack = {
  name: 'emulated TPM',
  group: 'environment',
  attacker: 'root',
  reference: 'TCG EK Credential Profile for TPM Family 2.0, 3',
  aim: 'Have an emulator believed as if it were a chip.',
  against: ATTESTED,
  run: async (arena) => {
    const own = await TpmManufacturer.in(join(arena.folder, 'own maker'));
    return withTpm(
      arena,
      async ({ attester }, desk) => {
        const answer = await desk.challenge(await introductionOf(attester));
        const refusal = typeof answer === 'string' ? codeIn(answer) : null;
        return finding(refusal === null ? 'succeeded' : 'prevented', {
          ran: 'introduced an emulated TPM whose endorsement key a maker of its own had certified',
          refusal,
        });
      },
      own,
    );
  },
};
