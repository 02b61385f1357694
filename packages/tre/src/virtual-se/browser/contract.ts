import {
  type Bytes,
  blob,
  type Codec,
  decodeCbor,
  encodeCbor,
  fixed,
  label,
  LIMITS,
  member,
  nullable,
  uint,
  union,
} from '@tallystick/protocol';
import { commandField } from '../../image/fields.ts';
import {
  gone,
  type GoneResponse,
  opened,
  type OpenedResponse,
  refused,
  type RefusedResponse,
  reply,
  type ReplyResponse,
} from '../../isolated/answers.ts';
import { imageFile } from '../../isolated/port.ts';

/**
 * All that crosses between an app and its element on another origin: one request, one response, in canonical
 * CBOR that both read as strictly as anything from outside (TS-TRE-8). The element has storage, keys and a clock of its
 * own, and asks the app for one thing: evidence of an authenticator, which a worker cannot reach.
 */
export type FrameRequest =
  | OpenRequest
  | CommandRequest
  | ReadLogRequest
  | CloseRequest
  | EvidenceRequest;

export interface OpenRequest {
  readonly kind: 0;
  /** Which of this app's purses. */
  readonly purse: string;
  /** An image with its manifest to run from now on (TS-IMG-1); null for the one that ran last. */
  readonly image: Bytes | null;
}
interface CommandRequest {
  readonly kind: 1;
  readonly command: Bytes;
}
interface ReadLogRequest {
  readonly kind: 2;
  readonly seq: number;
}
interface CloseRequest {
  readonly kind: 3;
}

/** What the app answers where the element asks for evidence; empty where it has none. */
interface EvidenceRequest {
  readonly kind: 4;
  readonly evidence: Bytes;
}

export type FrameResponse =
  | OpenedResponse
  | RefusedResponse
  | EntryResponse
  | ReplyResponse
  | GoneResponse
  | ClosedResponse
  | AttestResponse;

/** A log entry, or none where it was dropped. */
interface EntryResponse {
  readonly kind: 2;
  readonly entry: Bytes | null;
}
/** Everything is durable, and another may open the purse. */
interface ClosedResponse {
  readonly kind: 5;
}

/** Asks for evidence over a binding (TS-ATT-1), in the middle of a command. */
interface AttestResponse {
  readonly kind: 6;
  readonly binding: Bytes;
}

/** An image, and what is around it. */
const REQUEST_BYTES_MAX = LIMITS.imageBytes + 2 * LIMITS.messageBytes;
/** A reply or an entry, and what is around it. */
const RESPONSE_BYTES_MAX = LIMITS.frameBytes + 64;

const request: Codec<FrameRequest> = union<FrameRequest, FrameRequest['kind']>({
  0: member<OpenRequest>(0, { purse: label(), image: nullable(imageFile) }),
  1: member<CommandRequest>(1, { command: commandField }),
  2: member<ReadLogRequest>(2, { seq: uint(LIMITS.position) }),
  3: member<CloseRequest>(3, {}),
  4: member<EvidenceRequest>(4, { evidence: blob(LIMITS.evidenceBytes) }),
});

const response: Codec<FrameResponse> = union<FrameResponse, FrameResponse['kind']>({
  0: opened,
  1: refused,
  2: member<EntryResponse>(2, { entry: nullable(blob(LIMITS.frameBytes)) }),
  3: reply,
  4: gone,
  5: member<ClosedResponse>(5, {}),
  6: member<AttestResponse>(6, { binding: fixed(32) }),
});

export function encodeFrameRequest(value: FrameRequest): Bytes {
  return encodeCbor(request.encode(value));
}

export function decodeFrameRequest(bytes: Bytes): FrameRequest {
  return request.decode(decodeCbor(bytes, REQUEST_BYTES_MAX), 'request');
}

export function encodeFrameResponse(value: FrameResponse): Bytes {
  return encodeCbor(response.encode(value));
}

export function decodeFrameResponse(bytes: Bytes): FrameResponse {
  return response.decode(decodeCbor(bytes, RESPONSE_BYTES_MAX), 'response');
}
