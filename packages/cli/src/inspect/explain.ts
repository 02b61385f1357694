import {
  attempt,
  type Bytes,
  decodeCbor,
  decodeSigned,
  LIMITS,
  RECORD,
  reject,
} from '@tallystick/protocol';
import {
  explainEnrolmentReply,
  explainEnrolmentRequest,
  explainLoadReply,
  explainRenewalRequest,
} from './carriers/bodies.ts';
import { explainFrame } from './carriers/frame.ts';
import { explainImage } from './carriers/image.ts';
import { explainLog, explainPaymentEvidence } from './carriers/log.ts';
import { explainProof } from './carriers/proof.ts';
import { explainReply, explainUpload } from './carriers/sync.ts';
import { splitEntries } from './entry-sequence.ts';
import { explainSigned, kindOf } from './explain-signed.ts';
import type { Explained } from './explained.ts';
import type { Material } from './material.ts';

type Explain = (wire: Bytes, material: Material) => Explained;

/**
 * Any message of the protocol in words, verified as far as the material reaches. No two kinds of
 * message have the same outline, so the outline says which it is; the strict decoder of that kind
 * then has the word. Rejects with the decoding codes.
 */
export function explain(wire: Bytes, material: Material): Explained {
  const entries = splitEntries(wire);
  if (entries !== null) return explainLog(entries, material);
  return recognise(wire)(wire, material);
}

function recognise(wire: Bytes): Explain {
  const item = decodeCbor(wire, LIMITS.uploadBytes);
  if (!Array.isArray(item)) return reject('WRONG_KIND', 'not a message of this protocol');
  const parts: readonly unknown[] = item;
  const outline = parts.map(letterOf).join('');
  if (/^BMBB$/.test(outline)) return explainSigned;
  if (/^NBAA$|^NBABBA$|^NBBB$/.test(outline)) return explainProof;
  if (outline.startsWith('N')) return explainFrame;
  if (outline === 'BAA') return explainUpload;
  if (outline === 'BTT') return explainEnrolmentRequest;
  if (/^BA[BZ][BZ]AA$/.test(outline)) return explainReply;
  if (outline.startsWith('TN')) return explainEnrolmentReply;
  if (outline === 'BB') return recognisePair(parts);
  return reject('WRONG_KIND', 'not a message of this protocol');
}

/** Evidence, an image, a load reply and a renewal request are all two byte strings. */
function recognisePair([first, second]: readonly unknown[]): Explain {
  if (second instanceof Uint8Array && second.length === 32) return explainPaymentEvidence;
  const kind = attempt(() => kindOf(decodeCbor(decodeSigned(first as Bytes).payload)));
  if (kind.ok && kind.value === RECORD.imageManifest) return explainImage;
  return kind.ok && kind.value === RECORD.renewal ? explainRenewalRequest : explainLoadReply;
}

/** The type of an element: byte string, map, array, number, text, null, or something else. */
function letterOf(element: unknown): string {
  if (element instanceof Uint8Array) return 'B';
  if (element instanceof Map) return 'M';
  if (Array.isArray(element)) return 'A';
  if (typeof element === 'number') return 'N';
  if (typeof element === 'string') return 'T';
  return element === null ? 'Z' : '?';
}
