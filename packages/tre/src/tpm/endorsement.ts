import { type Bytes, concat, type Credential } from '@tallystick/protocol';
import type { Tpm } from './client.ts';
import { ALG, CC, HANDLE } from './constants.ts';
import { type LoadedKey, loadPrimary } from './keys.ts';
import { endorsementSession } from './policy.ts';
import { TpmFailure, TpmReader, TpmWriter } from './structures.ts';

/** Where manufacturers put the certificate of the RSA endorsement key, and the key itself (TCG EK profile, 2.2). */
const CERTIFICATE_INDEX = 0x01c0_0002;
const PERSISTENT_KEY = 0x8101_0001;
/** What every TPM reads at once. */
const CHUNK_BYTES = 512;
const CERTIFICATE_BYTES_MAX = 4_096;

/** Whoever satisfies PolicySecret with the endorsement hierarchy may use the key (TCG EK profile, B.3.3). */
const POLICY = Uint8Array.from(
  Buffer.from('837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa', 'hex'),
);
/** fixedTPM, fixedParent, sensitiveDataOrigin, adminWithPolicy, restricted, decrypt. */
const ATTRIBUTES = 0x0003_00b2;

/** The key that a manufacturer certifies: RSA of 2048 bits (TCG EK profile, template L-1). */
const TEMPLATE = new TpmWriter()
  .u16(ALG.rsa)
  .u16(ALG.sha256)
  .u32(ATTRIBUTES)
  .sized(POLICY)
  .u16(ALG.aes)
  .u16(128)
  .u16(ALG.cfb)
  .u16(ALG.null)
  .u16(2_048)
  .u32(0)
  .sized(new Uint8Array(256))
  .done();

/** The certificate of the endorsement key, X.509 in DER; null where the TPM has none. */
export async function endorsementCertificate(tpm: Tpm): Promise<Bytes | null> {
  const length = await certificateLength(tpm);
  if (length === null) return null;
  const parts: Bytes[] = [];
  for (let at = 0; at < length; at += CHUNK_BYTES) {
    const { parameters } = await tpm.run({
      code: CC.nvRead,
      handles: [CERTIFICATE_INDEX, CERTIFICATE_INDEX],
      sessions: [HANDLE.password],
      parameters: new TpmWriter()
        .u16(Math.min(CHUNK_BYTES, length - at))
        .u16(at)
        .done(),
    });
    parts.push(parameters.sized());
  }
  return trimmed(concat(...parts));
}

/** Bytes of the index, which may be more than the certificate's own. */
async function certificateLength(tpm: Tpm): Promise<number | null> {
  const { parameters } = await tpm
    .run({ code: CC.nvReadPublic, handles: [CERTIFICATE_INDEX] })
    .catch(nullIfRefused);
  if (parameters === null) return null;
  const area = new TpmReader(parameters.sized());
  // Handle, algorithm, attributes; then a policy, and the length.
  area.bytes(10);
  area.sized();
  const length = area.u16();
  if (length > CERTIFICATE_BYTES_MAX) {
    throw new TpmFailure('TPM_MALFORMED', 'its certificate is longer than any');
  }
  return length;
}

function nullIfRefused(error: unknown): { readonly parameters: null } {
  if (error instanceof TpmFailure && error.code === 'TPM_REFUSED') return { parameters: null };
  throw error;
}

/** A DER SEQUENCE without what follows it in the index. */
function trimmed(bytes: Bytes): Bytes {
  const isLong = bytes[0] === 0x30 && bytes[1] === 0x82;
  return isLong ? bytes.slice(0, 4 + (bytes[2] ?? 0) * 0x100 + (bytes[3] ?? 0)) : bytes;
}

/**
 * What a credential holds, which this TPM gives only to whoever has both keys in it; null where it was
 * made for other keys (TPM2_ActivateCredential).
 */
export async function activate(
  tpm: Tpm,
  attestationKey: number,
  { object, secret }: Credential,
): Promise<Bytes | null> {
  const key = await loadEndorsementKey(tpm);
  try {
    const session = await endorsementSession(tpm);
    const { parameters } = await tpm
      .run({
        code: CC.activateCredential,
        handles: [attestationKey, key.handle],
        sessions: [HANDLE.password, session],
        parameters: new TpmWriter().sized(object).sized(secret).done(),
      })
      .catch(async (error: unknown) => {
        // A session outlives the command that it could not authorise.
        await tpm.flush(session).catch(() => undefined);
        return nullIfRefused(error);
      });
    return parameters === null ? null : parameters.sized();
  } finally {
    if (!key.isPersistent) await tpm.flush(key.handle);
  }
}

/** The endorsement key where firmware keeps it, or made again from its seed. */
async function loadEndorsementKey(
  tpm: Tpm,
): Promise<LoadedKey & { readonly isPersistent: boolean }> {
  const { parameters } = await tpm
    .run({ code: CC.readPublic, handles: [PERSISTENT_KEY] })
    .catch(nullIfRefused);
  if (parameters !== null) {
    return { handle: PERSISTENT_KEY, area: parameters.sized(), isPersistent: true };
  }
  return { ...(await loadPrimary(tpm, HANDLE.endorsement, TEMPLATE)), isPersistent: false };
}
