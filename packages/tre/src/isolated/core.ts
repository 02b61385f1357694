import type { Bytes } from '@tallystick/protocol';
import type { EffectAnswer } from '@tallystick/trusted-app';
import type { Core, Turn } from '../core.ts';
import type { Line } from './line.ts';
import type { Response } from './port.ts';

/** The trusted application on the other side of a line: what it calls for are its effects. */
export class IsolatedCore implements Core {
  readonly #line: Line;
  /** Puts what the last commit stored in its place. */
  readonly #finish: () => Promise<void>;

  constructor(line: Line, finish: () => Promise<void>) {
    this.#line = line;
    this.#finish = finish;
  }

  async command(command: Bytes): Promise<Turn> {
    return this.#turn(await this.#line.ask({ kind: 1, command }));
  }

  async answer(answer: EffectAnswer): Promise<Turn> {
    return this.#turn(await this.#line.ask({ kind: 2, answer }));
  }

  async #turn(response: Response): Promise<Turn> {
    if (response.kind === 3) return { reply: response.reply };
    if (response.kind !== 2) throw new Error('the element neither asked nor replied');
    const { call } = response;
    if (call.kind === 4) {
      await this.#finish();
      return this.answer(true);
    }
    // What the app may not carry out it must not be made to, whatever runs on the other side.
    if (call.kind !== 0 || !FOR_THE_APP.has(call.effect.kind)) {
      throw new Error("the element asked the app for what is not the app's to do");
    }
    return { effect: call.effect };
  }
}

const FOR_THE_APP: ReadonlySet<string> = new Set(['clock', 'read-log', 'commit']);
