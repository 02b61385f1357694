import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { words } from '../words/en.ts';
import type { Passed } from './tap.ts';
import type { Table } from './table.ts';

export type Step = keyof typeof words.tour.steps;

const STEPS: readonly Step[] = [
  'open',
  'cutOff',
  'ask',
  'pay',
  'wire',
  'tear',
  'reconnect',
  'roll',
  'caught',
];
const [OFFER, , RECEIPT] = [1, 2, 3];

/** A way through the table: what to do next, and whether it is done. */
export class Tour {
  readonly length: number = STEPS.length;
  readonly #table: Table;
  readonly #at = signal<number | null>(null);
  /** How many frames had gone by when the step began. */
  #before = 0;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Which step it is, from 0; null while nobody is on the tour. */
  get at(): ReadonlySignal<number | null> {
    return this.#at;
  }

  get step(): Step | null {
    const at = this.#at.value;
    return at === null ? null : (STEPS[at] ?? null);
  }

  /** Whether what the step asks for has happened. */
  readonly isDone: ReadonlySignal<boolean> = computed(() => {
    const step = this.step;
    return step !== null && this.#isDone(step);
  });

  /** Goes to a step, or ends the tour. */
  go(at: number | null): void {
    this.#before = this.#table.passed.value.length;
    this.#at.value = at === null || STEPS[at] === undefined ? null : at;
  }

  #isDone(step: Step): boolean {
    const { devices } = this.#table;
    const phones = devices.filter(({ setting }) => setting.kind === 'phone');
    switch (step) {
      case 'open':
        return phones.every(({ purse }) => purse.value !== null);
      case 'cutOff':
        return phones.every(({ isReachable }) => !isReachable.value);
      case 'ask':
        return this.#hasPassed(({ kind }) => kind === OFFER);
      case 'pay':
        return this.#hasPassed(({ kind, isTorn }) => kind === RECEIPT && !isTorn);
      case 'tear':
        return this.#hasPassed(({ isTorn }) => isTorn);
      case 'reconnect':
        return phones.every(({ isReachable }) => isReachable.value);
      case 'roll':
        return devices.some(({ wasPutBack }) => wasPutBack.value);
      case 'wire':
      case 'caught':
        return true;
    }
  }

  #hasPassed(is: (frame: Passed) => boolean): boolean {
    return this.#table.passed.value.slice(this.#before).some(is);
  }
}
