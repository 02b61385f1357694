import {
  attempt,
  type Bytes,
  err,
  type Failure,
  ok,
  Rejection,
  type Result,
} from '@tallystick/protocol';
import { decodeCommand } from './command.ts';
import type { Identity } from './commands/personalise.ts';
import { dispatch } from './dispatch.ts';
import type { CommitStep, Effect, EffectAnswer, Steps } from './effects.ts';
import { isPurse, type Stored, TAMPER_LOCK } from './purse.ts';
import { encodeReply, failed, type Reply } from './reply.ts';
import { decodeStored, encodeStored } from './stored.ts';

/** Most certificates remembered as verified; beyond that the memory starts anew. */
const VERIFIED_MAX = 512;

/** A command in progress, as plain data: replaying the answers leads to the same point again. */
interface Running {
  readonly command: Bytes;
  /** Committed state when the command began. */
  readonly base: Stored | null;
  readonly verified: ReadonlySet<string>;
  readonly answers: readonly EffectAnswer[];
  /** What the last effect commits, if it is a commit. */
  readonly committing: Stored | null;
}

/** The trusted application between two events. Nothing in it outlives the power but `stored`. */
export interface State {
  readonly identity: Identity;
  readonly stored: Stored | null;
  /** Ids of certificates whose chain was verified since start. */
  readonly verified: ReadonlySet<string>;
  readonly running: Running | null;
}

export type Event =
  /** A holder's or wallet's command, in canonical CBOR. */
  | { readonly kind: 'command'; readonly bytes: Bytes }
  /** The outcome of the effect that was asked for. */
  | { readonly kind: 'answer'; readonly answer: EffectAnswer };

export interface Step {
  readonly state: State;
  /** At most one: what the environment must do next. */
  readonly effects: readonly Effect[];
  /** The command's reply in canonical CBOR, once it is finished. */
  readonly reply: Bytes | null;
}

/**
 * Starts on what the environment kept (TS-TRE-3): null for a new one. `logEnd` is the position of the
 * last log entry it has. A log that ends before the state shows tampering: the purse locks. One that
 * goes on was cut off before its commit: the environment must drop the rest, from `logEnd` on.
 */
export function boot(
  identity: Identity,
  stored: Bytes | null,
  logEnd: number,
): Result<{ state: State; logEnd: number }> {
  if (stored === null) return ok({ state: idle(identity, null), logEnd: 0 });
  const decoded = attempt(() => decodeStored(stored));
  if (!decoded.ok) return err('TAMPERED', decoded.error.message);
  const value = decoded.value;
  if (!isPurse(value)) return ok({ state: idle(identity, value), logEnd: 0 });
  const isShort = logEnd < value.seq;
  const purse = isShort ? { ...value, lock: value.lock | TAMPER_LOCK } : value;
  return ok({ state: idle(identity, purse), logEnd: Math.min(logEnd, value.seq) });
}

function idle(identity: Identity, stored: Stored | null): State {
  return { identity, stored, verified: new Set(), running: null };
}

/** Position of the last entry of a committed state. */
export function endOf(stored: Stored | null): number {
  return stored !== null && isPurse(stored) ? stored.seq : 0;
}

/**
 * The trusted application as a pure function of state and event. One command at a time; each step
 * asks for at most one effect, so that every gap between effects is a state of its own.
 */
export function step(state: State, event: Event): Step {
  if (event.kind === 'command') {
    if (state.running !== null) return refuse(state, err('BUSY', '').error);
    const running: Running = {
      command: copied(event.bytes),
      base: state.stored,
      verified: state.verified,
      answers: [],
      committing: null,
    };
    return advance({ ...state, running }, running, undefined);
  }
  if (state.running === null) throw new TypeError('an answer came, but no effect was asked for');
  const { running } = state;
  const { answer } = event;
  const kept = answer instanceof Uint8Array ? copied(answer) : answer;
  const done = running.committing !== null && kept === true;
  const stored = done ? running.committing : state.stored;
  const next = { ...running, answers: [...running.answers, kept], committing: null };
  return advance({ ...state, stored, running: next }, next, kept, running);
}

/** The bytes on their own: a replay needs them as they were, whatever the environment does to its own. */
function copied(bytes: Bytes): Bytes {
  return new Uint8Array(bytes);
}

/** A generator at the point its answers lead to; an optimisation only: without it they are replayed. */
interface Live {
  readonly steps: Steps<Reply>;
  readonly added: string[];
}
const live = new WeakMap<Running, Live>();

function advance(
  state: State,
  running: Running,
  answer: EffectAnswer | undefined,
  before?: Running,
): Step {
  const cached = before === undefined ? undefined : live.get(before);
  if (before !== undefined) live.delete(before);
  const current = cached ?? begin(running, state.identity);
  try {
    const turn =
      cached === undefined
        ? replay(current.steps, running.answers)
        : current.steps.next(answer as EffectAnswer);
    if (turn.done === true) {
      const verified = remember(running.verified, current.added);
      return finish({ ...state, verified, running: null }, turn.value);
    }
    const asked = turn.value;
    const waiting = { ...running, committing: asked.kind === 'commit-state' ? asked.stored : null };
    live.set(waiting, current);
    return { state: { ...state, running: waiting }, effects: [toEffect(asked)], reply: null };
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return refuse({ ...state, running: null }, { code: error.code, message: error.message });
  }
}

function begin(running: Running, identity: Identity): Live {
  const added: string[] = [];
  const context = { verified: running.verified, added };
  return { steps: start(running, context, identity), added };
}

function* start(
  running: Running,
  context: { verified: ReadonlySet<string>; added: string[] },
  identity: Identity,
): Steps<Reply> {
  return yield* dispatch(running.base, decodeCommand(running.command), context, identity);
}

function replay(
  steps: Steps<Reply>,
  answers: readonly EffectAnswer[],
): ReturnType<Steps<Reply>['next']> {
  let turn = steps.next(null);
  for (const answer of answers) turn = steps.next(answer);
  return turn;
}

function remember(known: ReadonlySet<string>, added: readonly string[]): ReadonlySet<string> {
  if (added.length === 0) return known;
  return new Set(known.size + added.length > VERIFIED_MAX ? added : [...known, ...added]);
}

function toEffect(asked: Exclude<Effect, { kind: 'commit' }> | CommitStep): Effect {
  if (asked.kind !== 'commit-state') return asked;
  const { stored, append } = asked;
  const keepFrom = isPurse(stored) ? stored.keepFrom : 1;
  return { kind: 'commit', state: encodeStored(stored), append, logEnd: endOf(stored), keepFrom };
}

function finish(state: State, reply: Reply): Step {
  return { state, effects: [], reply: encodeReply(reply) };
}

function refuse(state: State, failure: Failure): Step {
  return finish(state, failed(failure));
}
