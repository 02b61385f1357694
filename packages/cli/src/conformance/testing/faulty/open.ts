import { type Bytes, encodeCbor, sha256, unwrap } from '@tallystick/protocol';
import { type Element, type Held, type Host, openElement } from '@tallystick/tre';
import { openPlainHost, PLAIN_PROCESS } from '@tallystick/tre/plain-process';
import {
  decodeStored,
  type Effect,
  type EffectAnswer,
  isPurse,
  type Purse,
} from '@tallystick/trusted-app';
import { encodeStored } from '@tallystick/trusted-app/testing';
import type { OpenElement } from '../../own/device.ts';
import type { Fault } from './fault.ts';

const IDENTITY = {
  environment: PLAIN_PROCESS,
  measurement: sha256(encodeCbor('faulty wallet of the conformance runner')),
};

/** Opens the purse of a faulty wallet. */
export function openFaulty({ host: spoil, purse, element: wrap }: Fault): OpenElement {
  return async (directory, clock) => {
    const plain = unwrap(await openPlainHost({ directory, clock }));
    const spoiled = spoil?.(plain) ?? plain;
    const host = new PatchedHost(spoiled, await spoiled.load(), purse);
    const element = new Reopening(host);
    return wrap?.(element, host, () => host.purse) ?? element;
  };
}

/** A host that commits another purse than it is told, and shows that one to whoever boots on it. */
class PatchedHost implements Host {
  readonly #host: Host;
  readonly #patch: Fault['purse'];
  #held: Held;

  constructor(host: Host, held: Held, patch: Fault['purse']) {
    this.#host = host;
    this.#held = held;
    this.#patch = patch;
  }

  get purse(): Purse {
    const stored = this.#held.state === null ? null : decodeStored(this.#held.state);
    if (stored === null || !isPurse(stored)) throw new Error('there is no purse yet');
    return stored;
  }

  load(): Promise<Held> {
    return Promise.resolve(this.#held);
  }

  truncateLog(end: number): Promise<void> {
    this.#held = { ...this.#held, logEnd: end };
    return this.#host.truncateLog(end);
  }

  async carryOut(effect: Effect): Promise<EffectAnswer> {
    if (effect.kind !== 'commit') return this.#host.carryOut(effect);
    const state = this.#patched(effect.state, effect.append);
    const answer = await this.#host.carryOut({ ...effect, state });
    if (answer === true) this.#held = { state, logEnd: effect.logEnd };
    return answer;
  }

  close(): Promise<void> {
    return this.#host.close();
  }

  #patched(state: Bytes, append: readonly Bytes[]): Bytes {
    const stored = decodeStored(state);
    if (this.#patch === undefined || !isPurse(stored)) return state;
    return encodeStored({ ...stored, ...this.#patch(stored, append) });
  }
}

/** Boots the trusted application anew for each command, so that it knows nothing but what is stored. */
class Reopening implements Element {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  async execute(command: Bytes): Promise<Bytes> {
    return (await this.#opened()).execute(command);
  }

  async readLog(from: number, to: number): Promise<readonly Bytes[]> {
    return (await this.#opened()).readLog(from, to);
  }

  measurement(): Promise<Bytes> {
    return Promise.resolve(IDENTITY.measurement);
  }

  close(): Promise<void> {
    return this.#host.close();
  }

  async #opened(): Promise<Element> {
    return unwrap(await openElement(this.#host, IDENTITY));
  }
}
