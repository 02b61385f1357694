import type { Bytes } from '@tallystick/protocol';
import { PowerFailure } from '../memory/faults.ts';
import { seededRandom } from '../memory/random.ts';
import type { Folder, OpenFile } from '../node/folder.ts';

interface Inode {
  /** What reads see. */
  now: Bytes;
  /** What is safe from a loss of power. */
  durable: Bytes;
}

/** Which promises of the disk are empty. */
export interface Lies {
  readonly fileSync?: boolean;
  readonly folderSync?: boolean;
}

/**
 * What comes in the place of a change to the disk: it is full, once; the process dies, but the disk
 * goes on; the power fails.
 */
export type Fate = 'full' | 'death' | 'power';

/**
 * A disk that forgets like a real one: what was written is safe only once its file was synced, and a
 * name only once its folder was. A loss of power keeps any part of the rest, torn anywhere.
 */
export class ModelledDisk {
  #names: Map<string, Inode> = new Map();
  #durableNames: Map<string, Inode> = new Map();
  /** Folders opened before the last death or loss of power have an older number. */
  #power = 0;
  readonly #lies: Lies;
  /** Changes to carry out before `fate` strikes. */
  #changesLeft = Number.POSITIVE_INFINITY;
  #fate: Fate = 'full';
  #random: (length: number) => Bytes;

  constructor(seed = 'disk', lies: Lies = {}) {
    this.#random = seededRandom(seed);
    this.#lies = lies;
  }

  /** The same content on a disk of its own. */
  clone(seed: string, lies: Lies = {}): ModelledDisk {
    const copy = new ModelledDisk(seed, lies);
    const inodes = new Map<Inode, Inode>();
    const copied = (inode: Inode): Inode => {
      const known = inodes.get(inode) ?? { ...inode };
      inodes.set(inode, known);
      return known;
    };
    for (const [name, inode] of this.#names) copy.#names.set(name, copied(inode));
    for (const [name, inode] of this.#durableNames) copy.#durableNames.set(name, copied(inode));
    return copy;
  }

  /** Lets fate strike after this many more changes. */
  strike(changesLeft: number, fate: Fate): void {
    this.#changesLeft = changesLeft;
    this.#fate = fate;
  }

  /** Whether the strike is still to come. */
  get isDue(): boolean {
    return this.#changesLeft !== Number.POSITIVE_INFINITY;
  }

  /** Takes the strike back. */
  spare(): void {
    this.#changesLeft = Number.POSITIVE_INFINITY;
  }

  losePower(): void {
    this.#power += 1;
    this.spare();
    const names = new Set([...this.#names.keys(), ...this.#durableNames.keys()]);
    const survivors = new Map<string, Inode>();
    for (const name of names) {
      const inode = (this.#chance(2) ? this.#names : this.#durableNames).get(name);
      if (inode !== undefined) survivors.set(name, inode);
    }
    for (const inode of new Set(survivors.values())) {
      inode.durable = this.#torn(inode);
      inode.now = inode.durable;
    }
    this.#durableNames = survivors;
    this.#names = new Map(survivors);
  }

  /** Some of what was written since the last sync: up to a byte anywhere, or all. */
  #torn({ now, durable }: Inode): Bytes {
    if (this.#chance(3)) return now;
    const [longer, shorter] = now.length > durable.length ? [now, durable] : [durable, now];
    const length = shorter.length + this.#below(longer.length - shorter.length + 1);
    const cut = this.#below(length + 1);
    return Uint8Array.from({ length }, (_, at) => (at < cut ? now[at] : durable[at]) ?? 0);
  }

  #below(bound: number): number {
    const [a = 0, b = 0, c = 0] = this.#random(3);
    return ((a << 16) | (b << 8) | c) % bound;
  }

  #chance(one: number): boolean {
    return this.#below(one) === 0;
  }

  /** Counts a change; says whether it is still carried out. */
  #change(power: number): void {
    this.#mustBeOn(power);
    if (this.#changesLeft > 0) {
      this.#changesLeft -= 1;
      return;
    }
    this.spare();
    if (this.#fate === 'full') {
      throw Object.assign(new Error('no space left on device'), {
        code: 'ENOSPC',
        syscall: 'write',
      });
    }
    if (this.#fate === 'power') this.losePower();
    this.#power += 1;
    throw new PowerFailure();
  }

  #mustBeOn(power: number): void {
    if (power !== this.#power) throw new PowerFailure();
  }

  folder(): Folder {
    const power = this.#power;
    const inodeOf = (name: string): Inode => {
      const known = this.#names.get(name);
      if (known !== undefined) return known;
      this.#change(power);
      const fresh: Inode = { now: new Uint8Array(0), durable: new Uint8Array(0) };
      this.#names.set(name, fresh);
      return fresh;
    };
    return {
      read: async (name) => {
        this.#mustBeOn(power);
        return this.#names.get(name)?.now.slice() ?? null;
      },
      write: async (name, bytes) => {
        const file = this.#file(inodeOf(name), power);
        await file.truncate(0);
        await file.write(bytes, 0);
        await file.sync();
      },
      open: async (name) => this.#file(inodeOf(name), power),
      rename: async (from, to) => {
        this.#change(power);
        const inode = this.#names.get(from);
        if (inode === undefined) throw new Error(`there is no file ${from}`);
        this.#names.set(to, inode);
        this.#names.delete(from);
      },
      remove: async (name) => {
        if (!this.#names.has(name)) return;
        this.#change(power);
        this.#names.delete(name);
      },
      list: async () => {
        this.#mustBeOn(power);
        return [...this.#names.keys()];
      },
      sync: async () => {
        this.#change(power);
        if (this.#lies.folderSync !== true) this.#durableNames = new Map(this.#names);
      },
      close: async () => undefined,
    };
  }

  #file(inode: Inode, power: number): OpenFile {
    const open = inode;
    return {
      read: async (at, length) => {
        this.#mustBeOn(power);
        return open.now.slice(at, at + length);
      },
      write: async (bytes, at) => {
        this.#change(power);
        const after = new Uint8Array(Math.max(open.now.length, at + bytes.length));
        after.set(open.now);
        after.set(bytes, at);
        open.now = after;
      },
      truncate: async (length) => {
        this.#change(power);
        open.now = open.now.slice(0, length);
      },
      sync: async () => {
        this.#change(power);
        if (this.#lies.fileSync !== true) open.durable = open.now;
      },
      close: async () => undefined,
    };
  }
}
