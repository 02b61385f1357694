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
  sha256,
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

/**
 * Reads encoded uploads and verifies their statements, all of them together.
 * Errors of each: decoding codes; UNKNOWN_CERTIFICATE; WRONG_ROLE for an issuing key;
 * ALGORITHM_MISMATCH, WRONG_KEY and BAD_SIGNATURE for the statement itself.
 */
export async function openUploads(
  uploads: readonly Bytes[],
  { store, verifyMany }: Context,
): Promise<readonly Result<Opened>[]> {
  const read = uploads.map((bytes) => attempt(() => readUpload(bytes)));
  const kids = read.flatMap((each) => (each.ok ? [toHex(each.value.signed.kid)] : []));
  const rows = await store.certificates([...new Set(kids)]);
  const certificates = new Map(rows.map((row) => [row.ref, row]));
  const signers = read.map((each) => {
    if (!each.ok) return each;
    const { value } = each;
    return attempt(() => signerOf(value, certificates.get(toHex(value.signed.kid))));
  });

  const verdicts = await verifyMany(
    signers.flatMap((signer, index) => {
      const { signed } = valueAt(read, index) ?? {};
      if (!signer.ok || signed === undefined) return [];
      const key = { alg: signer.value.alg, bytes: signer.value.key };
      return [{ key, message: toBeSigned(signed), signature: signed.signature }];
    }),
  );
  let checked = 0;
  return read.map((each, index) => {
    const signer = signers[index];
    if (!each.ok) return each;
    if (signer === undefined || !signer.ok)
      return signer ?? err('UNKNOWN_CERTIFICATE', 'statement');
    if (verdicts[checked++] !== true) return err('BAD_SIGNATURE', 'statement');
    const { purse } = signer.value;
    return ok({ ...each.value, purse });
  });
}

function valueAt<T>(results: readonly Result<T>[], index: number): T | undefined {
  const result = results[index];
  return result?.ok === true ? result.value : undefined;
}

function readUpload(bytes: Bytes): Read {
  const { statement: wire, entries, proofs } = decodeUpload(bytes);
  const signed = decodeSigned(wire);
  const message = decodePayload(signed.payload, statement, 'statement');
  const [id, digest] = [toHex(recordId(signed)), toHex(sha256(bytes))];
  return { signed, statement: message, id, digest, entries, proofs };
}

/** The certificate that the statement was made under, of a purse, valid at its position. */
function signerOf(
  { signed, statement: made }: Read,
  certificate: CertificateRow | undefined,
): CertificateRow & { readonly purse: PurseId } {
  if (certificate === undefined) return reject('UNKNOWN_CERTIFICATE');
  demand(signed.alg === certificate.alg, 'ALGORITHM_MISMATCH', 'statement');
  // GUARD key-from-position (rule 8): a key signs from its own position on.
  demand(certificate.fromSeq <= made.seq, 'WRONG_KEY', 'statement before its certificate');
  const { purse } = certificate;
  if (purse === null) return reject('WRONG_ROLE', 'an issuing key has no log');
  return { ...certificate, purse };
}
