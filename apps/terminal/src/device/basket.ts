import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { LINES } from './entry.ts';

/** Most that one sale may come to, in minor units; purses have limits of their own. */
export const MOST = 99_999_99n;

/** What the customer before the till buys: lines, and the amount that is being typed. */
export class Basket {
  readonly #lines = signal<readonly bigint[]>([]);
  readonly #typed = signal(0n);

  get lines(): ReadonlySignal<readonly bigint[]> {
    return this.#lines;
  }
  get typed(): ReadonlySignal<bigint> {
    return this.#typed;
  }

  readonly total: ReadonlySignal<bigint> = computed(() =>
    this.#lines.value.reduce((sum, line) => sum + line, this.#typed.value),
  );

  /** Most that may be typed beside what is in it. */
  readonly room: ReadonlySignal<bigint> = computed(
    () => MOST - this.total.value + this.#typed.value,
  );

  type(amount: bigint): void {
    this.#typed.value = amount;
  }

  /** Makes what was typed a line. */
  add(): void {
    if (this.#typed.value === 0n || this.#lines.value.length >= LINES - 1) return;
    this.#lines.value = [...this.#lines.value, this.#typed.value];
    this.#typed.value = 0n;
  }

  remove(index: number): void {
    this.#lines.value = this.#lines.value.filter((_, at) => at !== index);
  }

  /** All lines, what was typed last among them. */
  all(): readonly bigint[] {
    this.add();
    return this.#typed.value === 0n ? this.#lines.value : [...this.#lines.value, this.#typed.value];
  }

  clear(): void {
    this.#lines.value = [];
    this.#typed.value = 0n;
  }
}
