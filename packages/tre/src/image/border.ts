import {
  type Bytes,
  blob,
  type Codec,
  decodeCbor,
  encodeCbor,
  type ErrorCode,
  type Failure,
  fixed,
  label,
  LIMITS,
  member,
  nullable,
  uint,
  union,
} from '@tallystick/protocol';
import type { Effect, EffectAnswer } from '@tallystick/trusted-app';
import { effectCodec } from './effect.ts';
import { answerField, codeField, commandField } from './fields.ts';

/**
 * What crosses the border between an engine and the trusted application's image in it (TS-TRE-5):
 * bytes in, bytes out, one call at a time. All of it is canonical CBOR, read as strictly as anything
 * from outside.
 */
export type Call = BootCall | CommandCall | AnswerCall;

interface BootCall {
  readonly kind: 0;
  readonly environment: string;
  readonly measurement: Bytes;
  readonly state: Bytes | null;
  readonly logEnd: number;
}
interface CommandCall {
  readonly kind: 1;
  readonly command: Bytes;
}
interface AnswerCall {
  readonly kind: 2;
  readonly answer: EffectAnswer;
}

export type Return = BootedReturn | RefusedReturn | EffectReturn | ReplyReturn;

interface BootedReturn {
  readonly kind: 0;
  readonly logEnd: number;
}
interface RefusedReturn {
  readonly kind: 1;
  readonly code: ErrorCode;
  readonly message: string;
}
interface EffectReturn {
  readonly kind: 2;
  readonly effect: Effect;
}
interface ReplyReturn {
  readonly kind: 3;
  readonly reply: Bytes;
}

/** A state, the entries that are committed with it, and what is around them. */
const CROSSING_BYTES_MAX = LIMITS.uploadBytes;

const state = blob(CROSSING_BYTES_MAX);
const position = uint(LIMITS.position);

const call: Codec<Call> = union<Call, Call['kind']>({
  0: member<BootCall>(0, {
    environment: label(),
    measurement: fixed(32),
    state: nullable(state),
    logEnd: position,
  }),
  1: member<CommandCall>(1, { command: commandField }),
  2: member<AnswerCall>(2, { answer: answerField }),
});

const returned: Codec<Return> = union<Return, Return['kind']>({
  0: member<BootedReturn>(0, { logEnd: position }),
  1: member<RefusedReturn>(1, { code: codeField, message: label(1_024) }),
  2: member<EffectReturn>(2, { effect: effectCodec }),
  3: member<ReplyReturn>(3, { reply: blob(LIMITS.frameBytes) }),
});

export function encodeCall(value: Call): Bytes {
  return encodeCbor(call.encode(value));
}

export function decodeCall(bytes: Bytes): Call {
  return call.decode(decodeCbor(bytes, CROSSING_BYTES_MAX), 'call');
}

export function encodeReturn(value: Return): Bytes {
  return encodeCbor(returned.encode(value));
}

export function decodeReturn(bytes: Bytes): Return {
  return returned.decode(decodeCbor(bytes, CROSSING_BYTES_MAX), 'return');
}

/** A refusal to boot, as it crosses the border. */
export function refusal({ code, message }: Failure): Return {
  return { kind: 1, code, message };
}
