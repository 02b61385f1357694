import { attempt, type Bytes, toHex } from '@tallystick/protocol';
import { BOUNDS } from '../limits.ts';
import {
  decodeReport,
  encodeOrder,
  ORDER,
  type Order,
  type Report,
  UNSUPPORTED,
} from '../pipe/messages.ts';
import { Program, type Silence } from '../pipe/program.ts';
import { Unsupported, Violation } from './violation.ts';

export interface IutOptions {
  readonly command: readonly [string, ...string[]];
  readonly workingFolder: string;
  /** How long it may take to answer one order, in milliseconds. */
  readonly answerMs: number;
}

/** One message over the pipe, as it is shown with a failure. */
export interface Line {
  readonly from: 'runner' | 'program';
  /** The order, or the kind of report. */
  readonly what: string;
  /** Hex, cut short where it is long. */
  readonly bytes: string;
}

const NAMES = new Map<number, string>(Object.entries(ORDER).map(([name, kind]) => [kind, name]));
const REPORTS = ['done', 'refused', 'stated'] as const;

/** The implementation under test: it gets orders and must report on each. */
export class Iut {
  readonly #options: IutOptions;
  #program: Program | null = null;
  #folder = '';
  #lines: Line[] = [];
  #errors = '';

  constructor(options: IutOptions) {
    this.#options = options;
  }

  /** The last messages either way, for the report of a failure. */
  get transcript(): readonly Line[] {
    return this.#lines;
  }

  /** The end of what the program wrote to its standard error. */
  get errors(): string {
    return this.#program?.errors ?? this.#errors;
  }

  /** Whether the program has reported anything since it was last told to open a folder. */
  get hasReported(): boolean {
    return this.#lines.some(({ from }) => from === 'program');
  }

  /** Opens a folder, in the program that is running or a new one. */
  async open(folder: string): Promise<void> {
    this.#lines = [];
    this.#folder = folder;
    this.#program ??= new Program(this.#options.command, this.#options.workingFolder);
    await this.#openFolder();
  }

  /** Has one order carried out. Throws a Violation where no readable report comes. */
  async order(order: Order): Promise<Report> {
    const report = await this.#send(encodeOrder(order), NAMES.get(order.kind) ?? '');
    const isRefused = report.kind === 1;
    if (isRefused && report.code === UNSUPPORTED) throw new Unsupported(NAMES.get(order.kind));
    return report;
  }

  /** The same, with each byte written by itself. */
  async orderInPieces(order: Order): Promise<Report> {
    return this.#send(encodeOrder(order), NAMES.get(order.kind) ?? '', true);
  }

  /** Sends bytes that are no order, which must be refused. */
  async expectRefusal(bytes: Bytes): Promise<void> {
    const { kind } = await this.#send(bytes, 'no order');
    if (kind !== 1) throw new Violation('a refusal (TS-CNF-3)', REPORTS[kind], bytes);
  }

  async #send(bytes: Bytes, what: string, inPieces = false): Promise<Report> {
    const program = this.#running();
    this.#note('runner', what, bytes);
    if (inPieces) await program.sendInPieces(bytes);
    else program.send(bytes);
    const heard = await program.hear(this.#options.answerMs);
    if (!heard.ok) {
      await this.kill();
      throw silent(what, heard.silence);
    }
    const { message } = heard;
    const report = attempt(() => decodeReport(message));
    this.#note('program', report.ok ? REPORTS[report.value.kind] : 'garbage', message);
    const wanted = wantedOn(what);
    if (!report.ok) {
      await this.kill();
      throw new Violation(wanted, `${report.error.code}: ${report.error.message}`, message);
    }
    if (program.isChatty) {
      await this.kill();
      throw new Violation(`${wanted}, and nothing else`, 'more messages', message);
    }
    return report.value;
  }

  /** Gives an order and takes the power away after so many milliseconds, whatever it did by then. */
  async orderAndKill(order: Order, ms: number): Promise<void> {
    const message = encodeOrder(order);
    this.#note('runner', `${NAMES.get(order.kind)}, and the power fails`, message);
    this.#running().send(message);
    await new Promise((resolve) => setTimeout(resolve, ms));
    await this.restart();
  }

  /** Takes the power away, and starts the program again on the same folder. */
  async restart(): Promise<void> {
    await this.kill();
    this.#program = new Program(this.#options.command, this.#options.workingFolder);
    await this.#openFolder();
  }

  async kill(): Promise<void> {
    const program = this.#program;
    this.#program = null;
    if (program === null) return;
    await program.kill();
    this.#errors = program.errors;
  }

  async #openFolder(): Promise<void> {
    const report = await this.order({ kind: ORDER.open, folder: this.#folder });
    if (report.kind !== 0) throw new Violation('that it opens its folder (TS-CNF-3)', 'a refusal');
  }

  #running(): Program {
    if (this.#program === null) throw new Error('no program is running');
    return this.#program;
  }

  #note(from: Line['from'], what: string, message: Bytes): void {
    const shown = toHex(message.subarray(0, BOUNDS.shownBytes));
    const bytes = message.length > BOUNDS.shownBytes ? `${shown}…` : shown;
    this.#lines = [...this.#lines, { from, what, bytes }].slice(-BOUNDS.transcriptMax);
  }
}

function wantedOn(what: string): string {
  return `a report on "${what}" (TS-CNF-4)`;
}

function silent(what: string, silence: Silence): Violation {
  const expected = wantedOn(what);
  switch (silence.kind) {
    case 'timeout':
      return new Violation(expected, `TIMEOUT: nothing within ${silence.ms} ms`);
    case 'ended':
      return new Violation(expected, `ENDED: the program ended ${silence.how}`);
    case 'framing':
      return new Violation(expected, `GARBAGE: ${silence.what}`);
  }
}
