/** One row of `tallystick bench --json`. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: number | null;
  readonly ratio: number | null;
}

/** The machine that measured. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly postgresql: string;
}

/** `docs/benchmarks.json`: what the page is made of. */
export interface Results {
  /** Day of the run, as in 2026-01-31. */
  readonly measured: string;
  /** What a reader must know about this run; null where nothing. */
  readonly note: string | null;
  readonly machine: Machine;
  readonly rows: readonly Row[];
}
