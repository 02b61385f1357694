import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes } from '@tallystick/protocol';
import { TRUST_FILE } from '../trust/places.ts';
import { replaceFile } from '../trust/write-file.ts';

const MESSAGE = /^\d\d-[a-z-]+\.cbor$/;

/** The folder where messages stay after the story, to be looked at with inspect. */
export class Keepsake {
  readonly folder: string;
  readonly #names: string[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Begins anew: the messages of an earlier story go. */
  static async open(folder: string): Promise<Keepsake> {
    await mkdir(folder, { recursive: true });
    const old = (await readdir(folder)).filter((name) => MESSAGE.test(name));
    for (const name of old) await rm(join(folder, name));
    return new Keepsake(folder);
  }

  get trust(): string {
    return join(this.folder, TRUST_FILE);
  }

  get messages(): readonly string[] {
    return this.#names.map((name) => join(this.folder, name));
  }

  async keep(name: string, message: Bytes): Promise<void> {
    const number = String(this.#names.length + 1).padStart(2, '0');
    const file = `${number}-${name}.cbor`;
    this.#names.push(file);
    await writeFile(join(this.folder, file), message);
  }

  /** Beside the messages, where inspect finds it by itself. */
  async keepTrust(text: string): Promise<void> {
    await replaceFile(this.trust, text);
  }
}
