import { readFileSync } from 'node:fs';
import type { ModelState } from './trace.ts';

/** A value of the model, with its numbers as numbers, sets as arrays and maps as maps. */
type Plain = string | number | boolean | Plain[] | Map<Plain, Plain> | { [name: string]: Plain };

/** Reads one value of the Informal Trace Format. */
function plain(value: unknown): Plain {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) throw new Error(`no value: ${String(value)}`);
  const tagged = value as Record<string, unknown>;
  if (typeof tagged['#bigint'] === 'string') return Number(tagged['#bigint']);
  if (Array.isArray(tagged['#set'])) return tagged['#set'].map(plain);
  if (Array.isArray(tagged['#map'])) {
    return new Map(
      tagged['#map'].map((pair: unknown) => {
        const [key, item] = pair as [unknown, unknown];
        return [plain(key), plain(item)];
      }),
    );
  }
  return Object.fromEntries(Object.entries(tagged).map(([name, item]) => [name, plain(item)]));
}

/** The states of a trace file, each variable by the last part of its name. */
export function readTrace(path: string): readonly ModelState[] {
  const { states } = JSON.parse(readFileSync(path, 'utf8')) as {
    states: Record<string, unknown>[];
  };
  return states.map((state) => {
    const variables = Object.entries(state)
      .filter(([name]) => name !== '#meta')
      .map(([name, value]) => [name.split('::').at(-1) ?? name, plain(value)]);
    // The types are those of spec/model; a trace of another model fails at its first use.
    return Object.fromEntries(variables) as ModelState;
  });
}
