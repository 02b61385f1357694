import type { Options, Values } from './options.ts';
import type { Progress } from './progress.ts';
import type { Runtime } from './runtime.ts';

/** One command of `tallystick`: what its help says, and what it does. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it does and gives, for its own help. */
  readonly description: string;
  /** The one argument besides options, if it takes one; it may always be left out. */
  readonly argument?: { readonly name: string; readonly says: string };
  /** Whatever follows `--`, as it is, if it takes that. */
  readonly rest?: { readonly name: string; readonly says: string };
  readonly options: Options;
  readonly examples: readonly Example[];
  /** The exit code; expected failures are thrown as {@link Failure}. */
  run(call: Call): Promise<number>;
}

interface Example {
  /** Everything after `tallystick`. */
  readonly line: string;
  readonly says: string;
}

/** One run of a command. */
export interface Call {
  readonly argument: string | undefined;
  /** What followed `--`, for a command that takes it. */
  readonly rest: readonly string[];
  readonly values: Values;
  readonly runtime: Runtime;
  /** Print one JSON value and nothing else. */
  readonly json: boolean;
  readonly progress: Progress;
}

/** Prints a report as the one JSON value of a run. */
export function printJson(runtime: Runtime, report: unknown): void {
  runtime.writeOut(`${JSON.stringify(report, null, 2)}\n`);
}
