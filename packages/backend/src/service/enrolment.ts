import {
  type Bytes,
  attempt,
  decodeBody,
  decodePurseCertificate,
  enrolmentRequest,
  fromHex,
  recordId,
  decodeSigned,
  toHex,
} from '@tallystick/protocol';
import { challengeExpiry } from '../attestation/challenge.ts';
import { register } from '../authority/register.ts';
import { accept, type Outcome, refuse } from '../outcome.ts';
import type { Account } from '../rail/rail.ts';
import { newPurse } from '../store/new-purse.ts';
import type { Documents } from '../store/port.ts';
import type { CertificateRow, PurseId } from '../store/rows.ts';
import { admit, type Admitted, certify } from './admission.ts';
import { once } from './once.ts';
import type { Parts } from './parts.ts';
import { welcome } from './welcome.ts';

const USED = 'challenge/';
/** Answered challenges that one enrolment clears away: more than one enrolment adds. */
const CLEARED_AT_ONCE = 8;

/**
 * Gives a new key its first certificate, and so opens a purse (TS-ENR-2, TS-ENR-3). The same
 * request gives the same certificate.
 * Errors: those of {@link admit}; UNKNOWN_PARTICIPANT, UNKNOWN_ACCOUNT, WRONG_CURRENCY.
 */
export async function enrol(parts: Parts, body: Bytes): Promise<Outcome<Bytes>> {
  const decoded = attempt(() => decodeBody(enrolmentRequest, body));
  if (!decoded.ok) return decoded;
  const { enrolment, participant, account } = decoded.value;
  const party = parts.authority.participant(participant);
  if (party === undefined) return refuse('UNKNOWN_PARTICIPANT', participant);
  const admitted = await admit(parts, enrolment);
  if (!admitted.ok) return admitted;
  const holder = await parts.rail.account({ participant, account });
  if (holder === null) return refuse('UNKNOWN_ACCOUNT', account);
  if (holder.currency !== parts.scheme.currency) return refuse('WRONG_CURRENCY', account);
  const certificate = await certifyOnce(parts, admitted.value, enrolment, holder);
  if (!certificate.ok) return certificate;
  await openPurse(parts, holder, certificate.value);
  return accept(await welcome(parts, party, certificate.value));
}

/** The certificate for this enrolment; a challenge serves one enrolment only. */
async function certifyOnce(
  parts: Parts,
  admitted: Admitted,
  wire: Bytes,
  holder: Account,
): Promise<Outcome<Bytes>> {
  const { store, clock } = parts;
  await store.exclusive(USED, (documents) => clearExpired(documents, clock()));
  const place = `${USED}${toHex(admitted.enrolment.challenge)}`;
  const options = {
    store,
    lock: place,
    place,
    id: recordId(decodeSigned(wire)),
    conflict: refuse('CHALLENGE_REFUSED', 'it was used'),
  };
  return once(options, () => certify(parts, admitted, holder, false));
}

/** Challenges open with their expiry: the oldest stand first. */
async function clearExpired(documents: Documents, now: number): Promise<void> {
  for (const { key } of await documents.list(USED, '', CLEARED_AT_ONCE)) {
    const challenge = fromHex(key.slice(USED.length));
    if (challenge === null || challengeExpiry(challenge) >= now) return;
    await documents.delete(key);
  }
}

async function openPurse(parts: Parts, holder: Account, wire: Bytes): Promise<void> {
  const certificate = certificateRow(wire, holder.participant, null, 1);
  const { participant, account, currency } = holder;
  const purse = newPurse({ id: certificate.ref, participant, account, currency });
  await register(parts.store, [certificate], [purse]);
}

/** The row of a purse's certificate; its first one names the purse. */
export function certificateRow(
  wire: Bytes,
  participant: string,
  purse: PurseId | null,
  fromSeq: number,
): CertificateRow {
  const { ref, profile, key, expires } = decodePurseCertificate(wire);
  return {
    ref: toHex(ref),
    purse: purse ?? toHex(ref),
    participant,
    fromSeq,
    statusIndex: profile.statusIndex,
    alg: key.alg,
    key: key.bytes,
    expires,
    wire,
  };
}
