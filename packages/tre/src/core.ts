import { type Bytes, ok, type Result } from '@tallystick/protocol';
import {
  boot,
  type Effect,
  type EffectAnswer,
  type Event,
  type Identity,
  type State,
  step,
} from '@tallystick/trusted-app';
import type { Held } from './port.ts';

/** What the trusted application wants next: an effect carried out, or its reply handed on. */
export type Turn =
  | { readonly effect: Effect; readonly reply?: never }
  | { readonly effect?: never; readonly reply: Bytes };

/** A booted trusted application, in this engine or in one of its own. */
export interface Core {
  command(bytes: Bytes): Turn | Promise<Turn>;
  answer(answer: EffectAnswer): Turn | Promise<Turn>;
}

export interface Booted<C extends Core = Core> {
  readonly core: C;
  /** SHA-256 of its code. */
  readonly measurement: Bytes;
  /** Where the log must end. */
  readonly logEnd: number;
}

/** Boots a trusted application on what is held. */
export type Boot = (held: Held) => Result<Booted> | Promise<Result<Booted>>;

/** The trusted application in this very engine. */
export function bootHere(identity: Identity): (held: Held) => Result<Booted<HereCore>> {
  return ({ state, logEnd }) => {
    const booted = boot(identity, state, logEnd);
    if (!booted.ok) return booted;
    const { state: started, logEnd: end } = booted.value;
    return ok({ core: new HereCore(started), measurement: identity.measurement, logEnd: end });
  };
}

/** A core that answers at once. */
export class HereCore implements Core {
  #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  command(bytes: Bytes): Turn {
    return this.#advance({ kind: 'command', bytes });
  }

  answer(answer: EffectAnswer): Turn {
    return this.#advance({ kind: 'answer', answer });
  }

  #advance(event: Event): Turn {
    const { state, effects, reply } = step(this.#state, event);
    this.#state = state;
    const [effect] = effects;
    if (effect !== undefined) return { effect };
    if (reply === null) throw new Error('the trusted application neither asked nor replied');
    return { reply };
  }
}
