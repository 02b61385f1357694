import type { KeyObject } from 'node:crypto';
import type { Bytes } from '@tallystick/protocol';
import { emptyDisk, type Host, type MemoryDisk, memoryHost } from '@tallystick/tre';
import { nativeVerifier } from '@tallystick/tre/plain-process';
import type { Identity } from '@tallystick/trusted-app';
import { type NativeKey, nativeKeyOf } from '../native-key.ts';
import { nativeHost } from './native-host.ts';

/** Who does the arithmetic of signatures. */
export type Engine = 'native' | 'js';

/** Everything a purse has between two starts. */
export interface Belongings {
  readonly engine: Engine;
  readonly identity: Identity;
  readonly disk: MemoryDisk;
  /** Native keys by slot; those of plain JavaScript lie on the disk. */
  readonly keys: Map<number, NativeKey>;
}

/** The same in a form that reaches another thread. */
export interface Packed extends Omit<Belongings, 'keys'> {
  readonly keys: ReadonlyMap<number, KeyObject>;
}

const KEYS_MAX = 64;

export function newBelongings(engine: Engine, identity: Identity): Belongings {
  return { engine, identity, disk: emptyDisk(), keys: new Map() };
}

export function pack({ keys, ...rest }: Belongings): Packed {
  return { ...rest, keys: new Map([...keys].map(([slot, key]) => [slot, key.privateKey])) };
}

export function unpack({ keys, ...rest }: Packed): Belongings {
  return { ...rest, keys: new Map([...keys].map(([slot, key]) => [slot, nativeKeyOf(key)])) };
}

/** A host that nothing is known to yet but what was stored: every key has to be imported anew. */
export function hostOf(
  { engine, disk, keys }: Belongings,
  random: (length: number) => Bytes,
  clock: () => number,
): Host {
  const memory = memoryHost({ disk, random, clock });
  return engine === 'native' ? nativeHost(memory, nativeVerifier(KEYS_MAX), keys) : memory;
}
