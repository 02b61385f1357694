import { type Bytes, type Credential, LIMITS, type Result } from '@tallystick/protocol';
import type { Identity } from '@tallystick/trusted-app';
import { type Boot, type Booted, bootHere, type Core } from './core.ts';
import type { Attester, Element, Host } from './port.ts';

/**
 * Hosts the trusted application: boots it on what is stored, then runs commands in turn. The host is
 * the element's from then on; it is closed with it, or at once when booting fails (TAMPERED).
 */
export function openElement(host: Host, identity: Identity): Promise<Result<Element>> {
  return hostElement(host, bootHere(identity));
}

/**
 * The same, for a trusted application that boots elsewhere.
 *
 * @param stateBytes longest state that is stored: more than its own bound where it comes sealed
 */
export async function hostElement(
  host: Host,
  boot: Boot,
  stateBytes: number = LIMITS.stateBytes,
): Promise<Result<Element>> {
  try {
    const held = await host.load();
    const booted = await boot(held);
    if (!booted.ok) {
      await host.close();
      return booted;
    }
    const { logEnd } = booted.value;
    if (logEnd < held.logEnd) await host.truncateLog(logEnd);
    return { ok: true, value: new Hosted(host, booted.value, stateBytes) };
  } catch (error) {
    await host.close();
    throw error;
  }
}

class Hosted implements Element {
  readonly #host: Host;
  readonly #core: Core;
  readonly #measurement: Bytes;
  readonly #stateBytes: number;
  readonly attester?: Attester;
  #turn: Promise<unknown> = Promise.resolve();
  /** Why the element is gone, once it is. */
  #gone: Error | null = null;
  #closing: Promise<void> | null = null;

  constructor(host: Host, { core, measurement }: Booted, stateBytes: number) {
    this.#host = host;
    this.#core = core;
    this.#measurement = measurement;
    this.#stateBytes = stateBytes;
    const { attester } = host;
    if (attester === undefined) return;
    this.attester = {
      introduce: () => this.#inTurn(() => attester.introduce()),
      activate: (credential: Credential) => this.#inTurn(() => attester.activate(credential)),
    };
  }

  execute(command: Bytes): Promise<Bytes> {
    return this.#inTurn(() => this.#run(command));
  }

  readLog(from: number, to: number): Promise<readonly Bytes[]> {
    return this.#inTurn(async () => {
      const entries: Bytes[] = [];
      for (let seq = from; seq <= to; seq++) {
        const entry = await this.#host.carryOut({ kind: 'read-log', seq });
        if (entry instanceof Uint8Array) entries.push(entry);
      }
      return entries;
    });
  }

  measurement(): Promise<Bytes> {
    return Promise.resolve(this.#measurement);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    await this.#turn;
    this.#gone ??= new Error('the element is closed');
    await this.#host.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(() => this.#unlessGone(work));
    // What goes wrong is its own caller's; those that wait behind find out by themselves.
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /**
   * An effect that throws leaves open whether it happened. To go on from the old state could sign two
   * contents at one position, if it did (INV-ONCE): only storage knows, so the element ends here.
   */
  async #unlessGone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#gone !== null) throw this.#gone;
    try {
      return await work();
    } catch (error) {
      this.#gone = new Error('the element is gone; open it again', { cause: error });
      throw this.#gone;
    }
  }

  async #run(command: Bytes): Promise<Bytes> {
    let turn = await this.#core.command(command);
    while (turn.effect !== undefined) {
      const { effect } = turn;
      // A state that could not be read back at the next start must not be stored (TS-TRE-3).
      const isTooLarge = effect.kind === 'commit' && effect.state.length > this.#stateBytes;
      const answer = isTooLarge ? false : await this.#host.carryOut(effect);
      turn = await this.#core.answer(answer);
    }
    return turn.reply;
  }
}
