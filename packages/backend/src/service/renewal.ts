import {
  attempt,
  type Bytes,
  checkSignature,
  decodeBody,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  equal,
  publicKey,
  recordId,
  type Renewal,
  renewal as renewalCodec,
  renewalRequest,
  type Signed,
  toHex,
} from '@tallystick/protocol';
import { register } from '../authority/register.ts';
import { accept, type Outcome, refuse } from '../outcome.ts';
import { revoke } from '../reconciliation/index.ts';
import type { CertificateRow, PurseId } from '../store/rows.ts';
import { runOne } from '../verification/verifier.ts';
import { admit, type Admitted, certify, type Subject } from './admission.ts';
import { certificateRow } from './enrolment.ts';
import { once } from './once.ts';
import type { Parts } from './parts.ts';
import { isLowered } from './tampering.ts';

/** A renewal whose old key has signed it. */
interface Handover {
  readonly id: Bytes;
  readonly renewal: Renewal;
  readonly from: CertificateRow;
  readonly purse: PurseId;
}

/**
 * Gives a purse its next certificate (COSE_Sign1), for the key that its old key names (TS-LOG-5), also of
 * another algorithm. The same renewal gives the same certificate. A certificate past its hard
 * expiry may still be renewed: payees refuse it, but the money under it stays redeemable
 * (INV-REDEEM).
 * Errors: those of admission; UNKNOWN_CERTIFICATE, WRONG_ROLE, REVOKED, WRONG_KEY,
 * ALGORITHM_DOWNGRADE, MEASUREMENT_DOWNGRADE, STALE when another certificate took over.
 */
export async function renew(parts: Parts, body: Bytes): Promise<Outcome<Bytes>> {
  const decoded = attempt(() => decodeBody(renewalRequest, body));
  if (!decoded.ok) return decoded;
  const handover = await checkRenewal(parts, decoded.value.renewal);
  if (!handover.ok) return handover;
  const admitted = await admit(parts, decoded.value.enrolment);
  if (!admitted.ok) return admitted;
  const allowed = checkSuccessor(handover.value, admitted.value);
  if (!allowed.ok) return allowed;
  return certifyOnce(parts, handover.value, admitted.value);
}

async function checkRenewal(parts: Parts, wire: Bytes): Promise<Outcome<Handover>> {
  const read = attempt(() => {
    const signed = decodeSigned(wire);
    return { signed, renewal: decodePayload(signed.payload, renewalCodec, 'renewal') };
  });
  if (!read.ok) return read;
  const { signed, renewal } = read.value;
  const [from] = await parts.store.certificates([toHex(signed.kid)]);
  if (from === undefined) return refuse('UNKNOWN_CERTIFICATE');
  if (from.purse === null) return refuse('WRONG_ROLE', 'an issuing key has no purse');
  const genuine = await runOne(checkOldKey(signed, from), parts.verifyMany);
  if (!genuine.ok) return genuine;
  const purse = await parts.store.reports.purse(from.purse);
  const isBarred = purse === null || purse.revokedAt !== null || purse.horizon !== null;
  if (isBarred || purse.standing === 'culprit') {
    return refuse('REVOKED', 'its purse gets no new certificate');
  }
  return accept({ id: recordId(signed), renewal, from, purse: from.purse });
}

function checkOldKey(signed: Signed, from: CertificateRow): ReturnType<typeof checkSignature> {
  return checkSignature(signed, publicKey(from.alg, from.key));
}

function checkSuccessor({ renewal, from }: Handover, admitted: Admitted): Outcome<null> {
  const { key, attested } = admitted;
  if (key.alg !== renewal.alg) return refuse('ALGORITHM_DOWNGRADE');
  const before = decodePurseCertificate(from.wire).profile.measurement;
  if (attested.measurement < before) return refuse('MEASUREMENT_DOWNGRADE');
  if (!equal(key.bytes, renewal.key)) return refuse('WRONG_KEY');
  return accept(null);
}

/** The certificate for this renewal, registered with its purse. */
async function certifyOnce(
  parts: Parts,
  handover: Handover,
  admitted: Admitted,
): Promise<Outcome<Bytes>> {
  const { renewal, from, purse, id } = handover;
  const lock = `renewal/${purse}`;
  const options = {
    store: parts.store,
    lock,
    place: `${lock}/${renewal.seq}`,
    id,
    conflict: refuse('STALE', 'another renewal stands at its position'),
  };
  const certificate = await once(options, async () =>
    (await isSuperseded(parts, handover))
      ? refuse('STALE', 'a newer certificate is in use')
      : certify(parts, admitted, subjectOf(from), await isLowered(parts, purse)),
  );
  if (!certificate.ok) return certificate;
  const row = certificateRow(certificate.value, from.participant, purse, renewal.seq + 1);
  await register(parts.store, [row]);
  return (await isRevokedMeanwhile(parts, purse)) ? refuse('REVOKED') : certificate;
}

function subjectOf({ participant, wire }: CertificateRow): Subject {
  return { participant, acceptancePoint: decodePurseCertificate(wire).subject };
}

/**
 * Whether a list came between the first look at the purse and its new certificate, which it then
 * does not name: the next one will. A list that comes later finds the certificate itself.
 */
async function isRevokedMeanwhile(parts: Parts, purse: PurseId): Promise<boolean> {
  const { store, context } = parts;
  const certificates = await store.certificatesOf([purse]);
  const revoked = new Set(await store.listing(async (tx) => (await tx.latest())?.revoked));
  if (!certificates.some(({ statusIndex }) => revoked.has(statusIndex))) return false;
  await revoke([purse], 'renewed-while-revoked', context);
  return true;
}

/**
 * Whether a key that came after has signed already. A successor that was issued but never used does
 * not count: its purse may have lost the reply and started over.
 */
async function isSuperseded(parts: Parts, { from, purse, renewal }: Handover): Promise<boolean> {
  const later = (await parts.store.certificatesOf([purse])).filter(
    ({ fromSeq }) => fromSeq > from.fromSeq,
  );
  const first = later[0];
  if (first === undefined) return false;
  if (later.some(({ fromSeq }) => fromSeq > renewal.seq)) return true;
  const refs = new Set(later.map(({ ref }) => ref));
  return parts.store.transaction([purse], async (tx) =>
    (await tx.factsFrom(purse, first.fromSeq)).some(({ kid }) => refs.has(kid)),
  );
}
