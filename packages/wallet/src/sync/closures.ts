import {
  blob,
  type Bytes,
  type Codec,
  closure as closureCodec,
  decodePayload,
  decodeSigned,
  LIMITS,
  toHex,
  tuple,
} from '@tallystick/protocol';
import { Records } from '../pending-store.ts';
import { findCertificate, type Problems } from './issuer-data.ts';
import type { Online } from './online.ts';

interface KeptClosure {
  readonly closure: Bytes;
  /** Of the issuing key that signed it. */
  readonly certificate: Bytes;
}

const keptClosure: Codec<KeptClosure> = tuple<KeptClosure>({
  closure: blob(LIMITS.messageBytes),
  certificate: blob(LIMITS.messageBytes),
});

/** Keeps closures until their payments are taken back, so that no lost power loses one. */
export async function keepClosures(
  online: Online,
  closures: readonly Bytes[],
  certificates: readonly Bytes[],
): Promise<void> {
  for (const closure of closures) {
    const signed = decodeSigned(closure);
    const { paymentId } = decodePayload(signed.payload, closureCodec, 'closure');
    const certificate = findCertificate(signed.kid, certificates);
    if (certificate === undefined) continue;
    await records(online).put(toHex(paymentId), { closure, certificate });
  }
}

/** Takes back what closures allow (TS-VOI-3). Returns the ids of payments whose money is back. */
export async function applyClosures(online: Online, problems: Problems): Promise<readonly Bytes[]> {
  const restored: Bytes[] = [];
  for (const { name, value } of await records(online).all()) {
    const { paymentId } = decodePayload(
      decodeSigned(value.closure).payload,
      closureCodec,
      'closure',
    );
    const result = await online.purse.restore(value.closure, value.certificate);
    if (result.ok) restored.push(paymentId);
    // Not open: taken back before. Anything else may pass, such as a locked purse.
    const isDone = result.ok || result.error.code === 'NOT_OPEN';
    if (isDone) await records(online).remove(name);
    else problems.push(result.error);
  }
  return restored;
}

function records(online: Online): Records<KeptClosure> {
  return new Records(online.store, 'closure/', keptClosure);
}
