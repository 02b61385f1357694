import { randomBytes } from 'node:crypto';
import type { Backend, Outcome, Scheme } from '@tallystick/backend';
import type { Bulk } from '@tallystick/backend/bulk';
import {
  type Bytes,
  decodeBody,
  encodeBody,
  type EnrolmentReply,
  enrolmentReply,
  enrolmentRequest,
} from '@tallystick/protocol';

/** The backend as the benchmarks use it: no network between, every refusal a mistake of ours. */
export interface Office {
  readonly backend: Backend;
  readonly scheme: Scheme;
  readonly clock: () => number;
  /** Opens purses by the thousand. */
  readonly bulk: Bulk;
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`the backend refused: ${outcome.error.code}, ${outcome.error.message}`);
}

/** The measurement of the newest image. */
export async function newestMeasurement({ backend }: Office): Promise<Bytes> {
  const image = await backend.offeredImage();
  if (image === null) throw new Error('no image is registered');
  return image.sha256;
}

/** Opens an account with money in it and enrols a key for it. */
export async function enrolAt(
  { backend, scheme }: Office,
  balance: bigint,
  enrolmentFor: (challenge: Bytes) => Promise<Bytes>,
): Promise<EnrolmentReply> {
  const [participant] = scheme.participants;
  if (participant === undefined) throw new Error('the scheme has no participant');
  const account = randomBytes(12).toString('hex');
  const { code } = participant;
  const { currency } = scheme;
  valueOf(
    await backend.rail.open({
      participant: code,
      account,
      currency,
      balance,
      acceptancePoint: null,
    }),
  );
  const enrolment = await enrolmentFor(backend.challenge());
  const body = encodeBody(enrolmentRequest, { enrolment, participant: code, account });
  return decodeBody(enrolmentReply, valueOf(await backend.enrol(body)));
}
