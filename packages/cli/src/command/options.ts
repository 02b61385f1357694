import { parseArgs } from 'node:util';
import { usageFailure } from './failure.ts';

/** An option of a command. Options with a `value` take one; the others are switches. */
interface Option {
  readonly says: string;
  /** Name of the value in the help, such as `FILE`. */
  readonly value?: string;
  /** May be given more than once. */
  readonly isMany?: boolean;
}

export type Options = Readonly<Record<string, Option>>;

/** Options that every command has. */
export const COMMON: Options = {
  json: { says: 'print one JSON value on stdout and nothing else' },
  trace: { says: 'when something unexpected fails, print where' },
  help: { says: 'print this help' },
};

/** What the command line gave. */
export class Values {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  isSet(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  texts(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** A whole number within its bounds, or the fallback where it was not given. */
  integer(name: string, bounds: { readonly min: number; readonly max: number }): number | undefined;
  integer(
    name: string,
    bounds: { readonly min: number; readonly max: number },
    fallback: number,
  ): number;
  integer(
    name: string,
    { min, max }: { readonly min: number; readonly max: number },
    fallback?: number,
  ): number | undefined {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw usageFailure(`--${name} must be a whole number from ${min} to ${max}, not "${text}"`);
  }
}

/** Reads the arguments of a command; anything it does not know is an error. */
export function readArguments(
  args: readonly string[],
  options: Options,
): { readonly positionals: readonly string[]; readonly values: Values } {
  const known: Record<string, { type: 'string' | 'boolean'; multiple: true; short?: string }> = {};
  for (const [name, { value }] of Object.entries({ ...options, ...COMMON })) {
    known[name] = { type: value === undefined ? 'boolean' : 'string', multiple: true };
  }
  known.help = { type: 'boolean', multiple: true, short: 'h' };
  const parsed = parse(args, known);
  const values = new Map<string, readonly string[]>();
  for (const [name, given] of Object.entries(parsed.values)) {
    const texts = (given ?? []).map(String);
    const option = options[name] ?? COMMON[name];
    if (option?.value !== undefined && option.isMany !== true && texts.length > 1) {
      throw usageFailure(`--${name} is given ${texts.length} times; give it once`);
    }
    values.set(name, texts);
  }
  return { positionals: parsed.positionals, values: new Values(values) };
}

function parse(
  args: readonly string[],
  options: Record<string, { type: 'string' | 'boolean'; multiple: true; short?: string }>,
): {
  positionals: string[];
  values: Record<string, (string | boolean)[] | undefined>;
} {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's own sentence is good; its advice about positionals after it is not about us.
    const [sentence = 'the options cannot be read'] = String(
      error instanceof Error ? error.message : error,
    ).split('. ');
    throw usageFailure(`${sentence.replace(/\.$/, '')}; see --help`);
  }
}
