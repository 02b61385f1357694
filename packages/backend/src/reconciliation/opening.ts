import {
  attempt,
  type Bytes,
  decodePayload,
  decodeSigned,
  decodeUpload,
  demand,
  err,
  ok,
  recordId,
  reject,
  type Result,
  type Signed,
  type Statement,
  statement,
  toBeSigned,
  toHex,
} from '@tallystick/protocol';
import type { CertificateRow, PurseId } from '../store/rows.ts';
import type { Context } from './context.ts';

/** An upload whose statement is authentic; nothing of it is taken in yet. */
export interface Opened {
  readonly purse: PurseId;
  readonly signed: Signed;
  readonly statement: Statement;
  /** Id of the statement. */
  readonly id: string;
  /** SHA-256 of the whole upload. */
  readonly digest: string;
  readonly entries: readonly Bytes[];
  /** Fork proofs the device came across, unchecked. */
  readonly proofs: readonly Bytes[];
}

type Read = Omit<Opened, 'purse'>;

/** An upload with the certificate its statement was made under; the signature is still to be verified. */
type Attributed = Opened & { readonly signer: CertificateRow };

/**
 * Reads encoded uploads and verifies their statements, all of them together; each by its digest.
 * Errors of each: decoding codes; UNKNOWN_CERTIFICATE; WRONG_ROLE for an issuing key;
 * ALGORITHM_MISMATCH, WRONG_KEY and BAD_SIGNATURE for the statement itself.
 */
export async function openUploads(
  uploads: ReadonlyMap<string, Bytes>,
  { store, verifyMany }: Context,
): Promise<ReadonlyMap<string, Result<Opened>>> {
  const read = [...uploads].map(([digest, bytes]) => attempt(() => readUpload(digest, bytes)));
  const kids = read.flatMap((each) => (each.ok ? [toHex(each.value.signed.kid)] : []));
  const rows = await store.certificates([...new Set(kids)]);
  const certificates = new Map(rows.map((row) => [row.ref, row]));
  const attributed = read.map((each) =>
    each.ok ? attempt(() => attribute(each.value, certificates)) : each,
  );

  const opened = attributed.flatMap((each) => (each.ok ? [each.value] : []));
  const known = await takenInWhole(opened, store);
  const unknown = opened.filter(({ digest }) => !known.has(digest));
  const verdicts = await verifyMany(
    unknown.map(({ signed, signer }) => ({
      key: { alg: signer.alg, bytes: signer.key },
      message: toBeSigned(signed),
      signature: signed.signature,
    })),
  );
  const forged = new Set(unknown.filter((_, index) => verdicts[index] !== true));
  const outcomes = attributed.map((each) => {
    if (!each.ok) return each;
    if (forged.has(each.value)) return err('BAD_SIGNATURE', 'statement');
    // The proofs of what was taken in whole are on their way.
    return known.has(each.value.digest) ? ok({ ...each.value, proofs: [] }) : each;
  });
  return new Map([...uploads.keys()].map((digest, at) => [digest, outcomes[at] as Result<Opened>]));
}

/** Digests of the uploads whose very bytes were verified, and taken in whole, before. */
async function takenInWhole(
  uploads: readonly Opened[],
  store: Context['store'],
): Promise<ReadonlySet<string>> {
  const answers = await store.answers(
    uploads.map(({ purse, id: statementId }) => ({ purse, statement: statementId })),
  );
  return new Set(answers.flatMap(({ upload }) => upload ?? []));
}

function readUpload(digest: string, bytes: Bytes): Read {
  const { statement: wire, entries, proofs } = decodeUpload(bytes);
  const signed = decodeSigned(wire);
  const message = decodePayload(signed.payload, statement, 'statement');
  return { signed, statement: message, id: toHex(recordId(signed)), digest, entries, proofs };
}

/** Finds whose statement it is: of a purse, under a certificate that is valid at its position. */
function attribute(upload: Read, certificates: ReadonlyMap<string, CertificateRow>): Attributed {
  const { signed, statement: made } = upload;
  const signer = certificates.get(toHex(signed.kid));
  if (signer === undefined) return reject('UNKNOWN_CERTIFICATE');
  demand(signed.alg === signer.alg, 'ALGORITHM_MISMATCH', 'statement');
  // GUARD key-from-position (rule 8): a key signs from its own position on.
  demand(signer.fromSeq <= made.seq, 'WRONG_KEY', 'statement before its certificate');
  const { purse } = signer;
  if (purse === null) return reject('WRONG_ROLE', 'an issuing key has no log');
  return { ...upload, purse, signer };
}
