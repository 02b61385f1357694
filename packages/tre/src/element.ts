import type { Bytes, Result } from '@tallystick/protocol';
import { boot, type Identity, type State, step } from '@tallystick/trusted-app';
import type { Element, Host } from './port.ts';

/** Hosts the trusted application: boots it on what is stored, then runs commands in turn. */
export async function openElement(host: Host, identity: Identity): Promise<Result<Element>> {
  const stored = await host.load();
  const booted = boot(identity, stored.state, stored.logEnd);
  if (!booted.ok) return booted;
  if (booted.value.logEnd < stored.logEnd) await host.truncateLog(booted.value.logEnd);
  return { ok: true, value: new Hosted(host, booted.value.state) };
}

class Hosted implements Element {
  readonly #host: Host;
  #state: State;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(host: Host, state: State) {
    this.#host = host;
    this.#state = state;
  }

  execute(command: Bytes): Promise<Bytes> {
    const mine = this.#turn.then(() => this.#run(command));
    // A failed command must not stop those that wait behind it.
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #run(command: Bytes): Promise<Bytes> {
    let turn = step(this.#state, { kind: 'command', bytes: command });
    for (let effect = turn.effects[0]; effect !== undefined; effect = turn.effects[0]) {
      turn = step(turn.state, { kind: 'answer', answer: await this.#host.carryOut(effect) });
    }
    this.#state = turn.state;
    if (turn.reply === null) throw new Error('the trusted application neither asked nor replied');
    return turn.reply;
  }

  async readLog(from: number, to: number): Promise<readonly Bytes[]> {
    const entries: Bytes[] = [];
    for (let seq = from; seq <= to; seq++) {
      const entry = await this.#host.carryOut({ kind: 'read-log', seq });
      if (!(entry instanceof Uint8Array)) throw new Error(`log entry ${seq} is missing`);
      entries.push(entry);
    }
    return entries;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#host.close();
  }
}
