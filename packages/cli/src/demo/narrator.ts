import { formatAmount, type Currency } from '@tallystick/protocol';
import type { Call } from '../command/command.ts';
import { demandGoingOn } from '../command/stopping.ts';
import type { FrameSize, Money, SupplyReport } from './report.ts';

const WIDTH = 78;

/** Tells the story to a person; to a program it says nothing until the end. */
export class Narrator {
  readonly #call: Call;
  readonly #stop: AbortSignal;
  readonly #currency: Currency;
  #acts = 0;

  constructor(call: Call, currency: Currency) {
    this.#call = call;
    this.#stop = call.runtime.stopSignal();
    this.#currency = currency;
  }

  /** What is about to be told. */
  title(...lines: readonly string[]): void {
    this.#print('', ...lines);
  }

  /** Opens an act. Also the place where Ctrl-C ends the story. */
  act(title: string): void {
    demandGoingOn(this.#stop);
    this.#acts += 1;
    this.#call.progress.say(title);
    this.#print('', `${this.#acts}  ${title}`, '─'.repeat(WIDTH));
  }

  say(...lines: readonly string[]): void {
    this.#print(...lines.map((line) => (line === '' ? '' : `   ${line}`)));
  }

  money(amount: bigint): string {
    return formatAmount(amount, this.#currency);
  }

  /** Who pays whom, and what goes over the link. */
  transfer(
    from: string,
    to: string,
    amount: bigint,
    hop: number,
    frames: readonly FrameSize[],
  ): void {
    const label = ` ${this.money(amount)} `;
    this.say('', `${from.padEnd(5)} ═══${label}═══▶ ${to}     hop ${hop}`);
    this.frames(frames);
  }

  /** What goes over the link: arrows point to the payee. */
  frames(frames: readonly FrameSize[]): void {
    for (const { name, bytes } of frames) {
      const size = `${String(bytes).padStart(4)} bytes`;
      this.say(
        `  ${ARROWS[name] ?? '  '} ${name.padEnd(8)} ${size}   ${SAYS[name] ?? ''}`.trimEnd(),
      );
    }
  }

  /** The supply equation, in one line. */
  equation({ reserve, loss, balances, inFlight, balanced }: SupplyReport): void {
    const [left, right] = [
      `reserve ${this.#amount(reserve)} + loss ${this.#amount(loss)}`,
      `balances ${this.#amount(balances)} + in flight ${this.#amount(inFlight)}`,
    ];
    this.say('', `${left}  ${balanced ? '=' : '≠'}  ${right}`);
  }

  #amount({ amount }: Money): string {
    return this.money(BigInt(amount)).replace(/ \w+$/, '');
  }

  #print(...lines: readonly string[]): void {
    if (this.#call.json) return;
    this.#call.progress.clear();
    this.#call.runtime.writeOut(`${lines.join('\n')}\n`);
  }
}

const ARROWS: Readonly<Record<string, string>> = {
  offer: '◀──',
  payment: '──▶',
  receipt: '◀──',
  void: '◀──',
  present: '──▶',
};

const SAYS: Readonly<Record<string, string>> = {
  offer: 'who asks, how much, until when',
  payment: 'the purse debited itself, then signed',
  receipt: 'accepted: final, and spendable again at once',
  present: 'the payment again: did you accept it?',
  void: 'never accepted, and never will be',
};
