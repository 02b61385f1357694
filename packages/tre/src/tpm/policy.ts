import { type Bytes, sha256 } from '@tallystick/protocol';
import type { Tpm } from './client.ts';
import { ALG, CC, HANDLE } from './constants.ts';
import { type NvKind, nvName } from './nv.ts';
import { TpmFailure, TpmWriter } from './structures.ts';

/** That an index of non-volatile memory holds a value: what a TPM checks itself before it gives something back. */
export interface NvCondition {
  readonly made: NvKind;
  readonly handle: number;
  readonly value: Bytes;
}

const POLICY_SESSION = 1;
const NONCE_BYTES = 16;
const AT_START = 0;
const EQUAL = 0;

/** The policy of an object that is given back while all conditions hold (Part 3, TPM2_PolicyNV). */
export function policyOf(conditions: readonly NvCondition[]): Bytes {
  return conditions.reduce<Bytes>(
    (digest, { made, handle, value }) =>
      sha256(
        digest,
        new TpmWriter().u32(CC.policyNv).done(),
        sha256(new TpmWriter().bytes(value).u16(AT_START).u16(EQUAL).done()),
        nvName(made, handle),
      ),
    new Uint8Array(32),
  );
}

/** A session in which the TPM has found all conditions to hold; it ends with the command that it authorises. */
export function policySession(tpm: Tpm, conditions: readonly NvCondition[]): Promise<number> {
  return sessionAfter(tpm, async (session) => {
    for (const { handle, value } of conditions) {
      await tpm.run({
        code: CC.policyNv,
        handles: [handle, handle, session],
        sessions: [HANDLE.password],
        parameters: new TpmWriter().sized(value).u16(AT_START).u16(EQUAL).done(),
      });
    }
  });
}

/** A session for the endorsement key: whoever may use the hierarchy that it belongs to may use it. */
export function endorsementSession(tpm: Tpm): Promise<number> {
  return sessionAfter(tpm, async (session) => {
    await tpm.run({
      code: CC.policySecret,
      handles: [HANDLE.endorsement, session],
      sessions: [HANDLE.password],
      // Bound to no session nonce, command or reference, and for as long as the session lasts.
      parameters: new TpmWriter().u16(0).u16(0).u16(0).u32(0).done(),
    });
  });
}

async function sessionAfter(
  tpm: Tpm,
  satisfy: (session: number) => Promise<void>,
): Promise<number> {
  const { handles } = await tpm.run({
    code: CC.startAuthSession,
    handles: [HANDLE.none, HANDLE.none],
    parameters: new TpmWriter()
      // Nothing is derived from the nonce where no secret goes into the session.
      .sized(new Uint8Array(NONCE_BYTES))
      .u16(0)
      .u8(POLICY_SESSION)
      .u16(ALG.null)
      .u16(ALG.sha256)
      .done(),
    givesHandles: 1,
  });
  const [session] = handles;
  if (session === undefined) throw new TpmFailure('TPM_MALFORMED', 'it gave no handle');
  try {
    await satisfy(session);
    return session;
  } catch (error) {
    await tpm.flush(session);
    throw error;
  }
}
