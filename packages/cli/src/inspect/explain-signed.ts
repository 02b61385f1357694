import {
  type Bytes,
  decodeCbor,
  decodeSigned,
  demand,
  equal,
  LIMITS,
  NO_EXTERNAL,
  RECORD,
  reject,
  requestDigest,
  STATUS_LIST_TYPE,
} from '@tallystick/protocol';
import type { Explained } from './explained.ts';
import type { Material } from './material.ts';
import { explainCertificate } from './messages/certificate.ts';
import { explainEnrolment } from './messages/enrolment.ts';
import { explainImageManifest } from './messages/image-manifest.ts';
import { explainLostReport, explainRefund } from './messages/lost-device.ts';
import { explainPayment } from './messages/payment.ts';
import {
  explainAdopt,
  explainReceipt,
  explainRenewal,
  explainRestore,
  explainVoid,
} from './messages/records.ts';
import { explainRequest } from './messages/request.ts';
import { explainPolicy, explainTimeReset } from './messages/root.ts';
import { explainStatusDelta } from './messages/status-delta.ts';
import { explainStatusList } from './messages/status-list.ts';
import { explainAnswer, explainClosure, explainStatement } from './messages/sync.ts';
import type { Explainer } from './signed.ts';

type KindNumber = (typeof RECORD)[keyof typeof RECORD];

const EXPLAINERS: Readonly<Record<KindNumber, Explainer>> = {
  [RECORD.request]: explainRequest,
  [RECORD.payment]: explainPayment,
  [RECORD.receipt]: explainReceipt,
  [RECORD.void]: explainVoid,
  [RECORD.restore]: explainRestore,
  [RECORD.adopt]: explainAdopt,
  [RECORD.renewal]: explainRenewal,
  [RECORD.statement]: explainStatement,
  [RECORD.answer]: explainAnswer,
  [RECORD.closure]: explainClosure,
  [RECORD.policy]: explainPolicy,
  [RECORD.enrolment]: explainEnrolment,
  [RECORD.timeReset]: explainTimeReset,
  [RECORD.lostReport]: explainLostReport,
  [RECORD.refund]: explainRefund,
  [RECORD.statusDelta]: explainStatusDelta,
  [RECORD.imageManifest]: explainImageManifest,
};

const LIST_MESSAGE_BYTES = LIMITS.listBytes + 1024;

/**
 * A signed message of any kind. `external` is what it signs besides itself, where its carrier says
 * so; a payment alone signs the request at hand. Rejects with the decoding codes.
 */
export function explainSigned(wire: Bytes, material: Material, external?: Bytes): Explained {
  if (typOf(wire) !== undefined) {
    const options = { typ: STATUS_LIST_TYPE, maxBytes: LIST_MESSAGE_BYTES };
    return explainStatusList(decodeSigned(wire, NO_EXTERNAL, options), material);
  }
  const signed = decodeSigned(wire);
  const payload = decodeCbor(signed.payload);
  if (payload instanceof Map) return explainCertificate(wire, material);
  const kind = kindOf(payload);
  if (kind !== RECORD.payment) return EXPLAINERS[kind](signed, material);
  const { request } = material;
  const atHand = request === null ? NO_EXTERNAL : requestDigest(request);
  if (external !== undefined && request !== null && !equal(external, atHand)) {
    return explainPayment({ ...signed, external }, { ...material, request: null });
  }
  return explainPayment({ ...signed, external: external ?? atHand }, material);
}

/** The kind number of a payload. Rejects: WRONG_KIND. */
export function kindOf(payload: unknown): KindNumber {
  const first: unknown = Array.isArray(payload) ? payload[0] : undefined;
  const known = Object.values(RECORD).find((each) => each === first);
  return known ?? reject('WRONG_KIND', 'its payload is no message of this protocol');
}

/** The `typ` of a protected header, which only a status list has. */
function typOf(wire: Bytes): unknown {
  const item = decodeCbor(wire, LIST_MESSAGE_BYTES);
  demand(Array.isArray(item), 'WRONG_KIND', 'not a COSE_Sign1');
  const protectedHeader: unknown = item[0];
  if (!(protectedHeader instanceof Uint8Array)) return undefined;
  const header = decodeCbor(protectedHeader);
  return header instanceof Map ? header.get(16) : undefined;
}
