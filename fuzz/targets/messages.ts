import { readdirSync, readFileSync } from 'node:fs';
import { type Bytes, concat, describeCode, equal, fromHex, Rejection } from '@tallystick/protocol';
import type { VectorFile } from '@tallystick/protocol/vectors';
import { everyMessage, READERS, type Reader } from '@tallystick/protocol/vectors/material';
import { mustHold, type Target } from '../engine/target.ts';
import { BOUNDS } from './defaults.ts';

const VECTORS = new URL('../../spec/vectors/', import.meta.url);
const ZEROS_MAX = 4_096;

/** One target for each kind of message: strict both ways (TS-ENC-2). */
export function messageTargets(): Target[] {
  const seeds = seedsByName();
  return Object.entries(READERS).map(([name, reader]) =>
    decoder(name, reader, seeds.get(name) ?? []),
  );
}

/** A target that reads, and writes again what it accepted: one byte string for each message. */
export function decoder<T>(name: string, reader: Reader<T>, seeds: readonly Bytes[]): Target {
  return {
    ...BOUNDS,
    name,
    seeds,
    run: (input) => {
      const value = read(reader, input);
      if (value === undefined) return;
      mustHold(equal(reader.write(value), input), 'an accepted message has another encoding');
    },
  };
}

/** The value, or undefined when it was refused with a code of the specification. */
function read<T>(reader: Reader<T>, input: Bytes): T | undefined {
  const copy = input.slice();
  try {
    return reader.read(copy, new Uint8Array(32));
  } catch (error) {
    if (error instanceof Rejection && describeCode(error.code) !== undefined) return undefined;
    throw error;
  } finally {
    mustHold(equal(copy, input), 'the reader changed its input');
  }
}

/** Every vector, valid or not, and an example of each kind. */
function seedsByName(): ReadonlyMap<string, Bytes[]> {
  const seeds = new Map<string, Bytes[]>();
  const add = (name: string, bytes: Bytes): void => {
    seeds.set(name, [...(seeds.get(name) ?? []), bytes]);
  };
  for (const { name, bytes } of everyMessage) add(name, bytes);
  for (const file of readdirSync(VECTORS)) {
    const { vectors } = JSON.parse(readFileSync(new URL(file, VECTORS), 'utf8')) as VectorFile;
    for (const { of, input, zeros = 0 } of vectors) {
      if (!(of in READERS) || zeros > ZEROS_MAX) continue;
      add(of, concat(fromHex(input) ?? new Uint8Array(0), new Uint8Array(zeros)));
    }
  }
  return seeds;
}
