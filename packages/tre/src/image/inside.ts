import type { Bytes } from '@tallystick/protocol';
import { bootHere, type HereCore, type Turn } from '../core.ts';
import { type Call, decodeCall, encodeReturn, refusal, type Return } from './border.ts';

/** The trusted application as one function from bytes to bytes: the inside of its image. */
export function createImage(): (call: Bytes) => Bytes {
  let core: HereCore | null = null;

  function run(call: Call): Return {
    if (call.kind === 0) return start(call);
    if (core === null) throw new TypeError('the image must be booted first');
    return toReturn(call.kind === 1 ? core.command(call.command) : core.answer(call.answer));
  }

  function start(call: Extract<Call, { kind: 0 }>): Return {
    const { environment, measurement, state, logEnd } = call;
    const booted = bootHere({ environment, measurement })({ state, logEnd });
    if (!booted.ok) return refusal(booted.error);
    core = booted.value.core;
    return { kind: 0, logEnd: booted.value.logEnd };
  }

  return (bytes) => encodeReturn(run(decodeCall(bytes)));
}

function toReturn(turn: Turn): Return {
  if (turn.effect !== undefined) return { kind: 2, effect: turn.effect };
  return { kind: 3, reply: turn.reply };
}
