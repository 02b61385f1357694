import {
  type Algorithm,
  algorithmField,
  type Bytes,
  blob,
  type Codec,
  type Credential,
  credential as credentialCodec,
  decodeCbor,
  encodeCbor,
  fixed,
  flag,
  type Introduction,
  introduction as introductionCodec,
  LIMITS,
  member,
  nullable,
  tuple,
  uint,
  union,
} from '@tallystick/protocol';
import type { Effect, EffectAnswer } from '@tallystick/trusted-app';
import { effectCodec } from '../image/effect.ts';
import { answerField, commandField } from '../image/fields.ts';
import type { StretchCost } from '../surroundings.ts';
import {
  gone,
  type GoneResponse,
  opened,
  type OpenedResponse,
  refused,
  type RefusedResponse,
  reply,
  type ReplyResponse,
} from './answers.ts';
import { SEALED_BYTES } from './content.ts';

/**
 * All that crosses between an app and its isolated element: bytes over a message port, one request at a time, in canonical CBOR that both read as strictly as anything from outside. While the element
 * works on a request it may call on the app, for storage, the clock and the holder; then the app answers
 * before anything else.
 */
export type Request =
  | OpenRequest
  | CommandRequest
  | AnswerRequest
  | IntroduceRequest
  | ActivateRequest;

export interface OpenRequest {
  readonly kind: 0;
  /** Whose images it runs: part of what the app was built with. */
  readonly publisherAlg: Algorithm;
  readonly publisherKey: Bytes;
  /** An image with its manifest to run from now on (TS-IMG-1); null for the one that ran last. */
  readonly image: Bytes | null;
  /** What the state is sealed under, where that is the app's to know. */
  readonly sealingKey: Bytes | null;
  /** The sealed state as it is stored; null for a new purse. */
  readonly sealed: Bytes | null;
  /** One that was stored beside it, by a commit that did not come to its end. */
  readonly pending: Bytes | null;
  readonly stretchCost: StretchCost;
}
interface CommandRequest {
  readonly kind: 1;
  readonly command: Bytes;
}
/** What the app answers to a {@link Call}. */
interface AnswerRequest {
  readonly kind: 2;
  readonly answer: EffectAnswer;
}
/** Asks what to ask a backend for a challenge with (TS-ATT-3). */
interface IntroduceRequest {
  readonly kind: 3;
}
/** Asks for the challenge in a credential. */
interface ActivateRequest {
  readonly kind: 4;
  readonly credential: Credential;
}

export type Response =
  | OpenedResponse
  | RefusedResponse
  | CallResponse
  | ReplyResponse
  | GoneResponse
  | IntroducedResponse
  | ActivatedResponse;

interface CallResponse {
  readonly kind: 2;
  readonly call: Call;
}
interface IntroducedResponse {
  readonly kind: 5;
  readonly introduction: Introduction | null;
}
interface ActivatedResponse {
  readonly kind: 6;
  readonly challenge: Bytes | null;
}

/** What the element asks of the app. */
export type Call = EffectCall | ReadCodeCall | InstallCall | TruncateCall | FinishCall | SettleCall;

/** One of the effects that need the world outside. A commit's state is sealed; it takes effect when it is finished. */
interface EffectCall {
  readonly kind: 0;
  readonly effect: Effect;
}
interface ReadCodeCall {
  readonly kind: 1;
}
/** Stores an image and the sealed state that speaks of it; they take effect together, when that is finished. */
interface InstallCall {
  readonly kind: 2;
  readonly sealed: Bytes;
  readonly manifest: Bytes;
  readonly code: Bytes;
}
interface TruncateCall {
  readonly kind: 3;
  readonly end: number;
}

/** Puts what was stored last in the place of what was before. */
interface FinishCall {
  readonly kind: 4;
}
/** Says which sealed state counts, the one that was pending or the other, before anything else; the answer is where its log ends. */
interface SettleCall {
  readonly kind: 5;
  readonly isPending: boolean;
}

/** A sealed state with an image and the entries of a commit. */
const MESSAGE_BYTES_MAX = LIMITS.uploadBytes;

const sealed = blob(SEALED_BYTES);
const position = uint(LIMITS.position);
/** An image with its manifest. */
export const imageFile: Codec<Bytes> = blob(LIMITS.imageBytes + LIMITS.messageBytes + 16);

const call: Codec<Call> = union<Call, Call['kind']>({
  0: member<EffectCall>(0, { effect: effectCodec }),
  1: member<ReadCodeCall>(1, {}),
  2: member<InstallCall>(2, {
    sealed,
    manifest: blob(LIMITS.messageBytes),
    code: blob(LIMITS.imageBytes, 1),
  }),
  3: member<TruncateCall>(3, { end: position }),
  4: member<FinishCall>(4, {}),
  5: member<SettleCall>(5, { isPending: flag }),
});

const request: Codec<Request> = union<Request, Request['kind']>({
  0: member<OpenRequest>(0, {
    publisherAlg: algorithmField,
    publisherKey: blob(2_000, 32),
    image: nullable(imageFile),
    sealingKey: nullable(fixed(32)),
    sealed: nullable(sealed),
    pending: nullable(sealed),
    stretchCost: tuple<StretchCost>({ n: uint(1 << 20, 2), r: uint(64, 1), p: uint(16, 1) }),
  }),
  1: member<CommandRequest>(1, { command: commandField }),
  2: member<AnswerRequest>(2, { answer: answerField }),
  3: member<IntroduceRequest>(3, {}),
  4: member<ActivateRequest>(4, { credential: credentialCodec }),
});

const response: Codec<Response> = union<Response, Response['kind']>({
  0: opened,
  1: refused,
  2: member<CallResponse>(2, { call }),
  3: reply,
  4: gone,
  5: member<IntroducedResponse>(5, { introduction: nullable(introductionCodec) }),
  6: member<ActivatedResponse>(6, { challenge: nullable(blob(64)) }),
});

export function encodeRequest(value: Request): Bytes {
  return encodeCbor(request.encode(value));
}

export function decodeRequest(bytes: Bytes): Request {
  return request.decode(decodeCbor(bytes, MESSAGE_BYTES_MAX), 'request');
}

export function encodeResponse(value: Response): Bytes {
  return encodeCbor(response.encode(value));
}

export function decodeResponse(bytes: Bytes): Response {
  return response.decode(decodeCbor(bytes, MESSAGE_BYTES_MAX), 'response');
}

/** A way for messages to the other side and back, as a process or a worker has one. */
export interface MessagePort {
  send(message: Bytes): void;
  /** The next message. Rejects when the other side is gone. */
  receive(): Promise<Bytes>;
}
