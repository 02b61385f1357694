import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes } from '@tallystick/protocol';
import { type Release, takeLock } from './lock.ts';

/** The few file operations a purse is kept with; tests put a failing disk behind them. */
export interface Folder {
  /** The whole file, or null where there is none. */
  read(name: string): Promise<Bytes | null>;
  /** Creates or empties a file, writes it, and makes its content durable; its name is not yet. */
  write(name: string, bytes: Bytes): Promise<void>;
  /** Opens a file for reading and writing in place; creates it where there is none. */
  open(name: string): Promise<OpenFile>;
  /** Puts a file in the place of another, or fails and changes nothing. Not yet durable. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file, if there is one. Not yet durable. */
  remove(name: string): Promise<void>;
  /** Names of the files. */
  list(): Promise<readonly string[]>;
  /** Makes durable what is in the folder under which name. */
  sync(): Promise<void>;
  /** Gives the folder free for others. */
  close(): Promise<void>;
}

export interface OpenFile {
  read(at: number, length: number): Promise<Bytes>;
  write(bytes: Bytes, at: number): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Makes what was written durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** For the owner's eyes: everything a purse keeps is worth money. */
const OWNER_ONLY = 0o600;

/**
 * A directory of the file system, locked until it is closed, and made for the owner alone where there
 * is none. Null when somebody else has it locked.
 */
export async function nodeFolder(directory: string): Promise<Folder | null> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const release = takeLock(directory);
  if (release === null) return null;
  try {
    return new NodeFolder(directory, await open(directory, 'r'), release);
  } catch (error) {
    release();
    throw error;
  }
}

class NodeFolder implements Folder {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #release: Release;

  constructor(path: string, handle: FileHandle, release: Release) {
    this.#path = path;
    this.#handle = handle;
    this.#release = release;
  }

  async read(name: string): Promise<Bytes | null> {
    try {
      return new Uint8Array(await readFile(join(this.#path, name)));
    } catch (error) {
      if (isSystemError(error) && error.code === 'ENOENT') return null;
      throw error;
    }
  }

  async write(name: string, bytes: Bytes): Promise<void> {
    const file = await open(join(this.#path, name), 'w', OWNER_ONLY);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async open(name: string): Promise<OpenFile> {
    const flags = constants.O_RDWR | constants.O_CREAT;
    return new NodeFile(await open(join(this.#path, name), flags, OWNER_ONLY));
  }

  rename(from: string, to: string): Promise<void> {
    return rename(join(this.#path, from), join(this.#path, to));
  }

  remove(name: string): Promise<void> {
    return rm(join(this.#path, name), { force: true });
  }

  list(): Promise<readonly string[]> {
    return readdir(this.#path);
  }

  sync(): Promise<void> {
    return this.#handle.sync();
  }

  async close(): Promise<void> {
    await this.#handle.close();
    this.#release();
  }
}

class NodeFile implements OpenFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async read(at: number, length: number): Promise<Bytes> {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.#handle.read(bytes, done, length - done, at + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  }

  async write(bytes: Bytes, at: number): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const left = bytes.length - done;
      done += (await this.#handle.write(bytes, done, left, at + done)).bytesWritten;
    }
  }

  truncate(length: number): Promise<void> {
    return this.#handle.truncate(length);
  }

  sync(): Promise<void> {
    return this.#handle.sync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** Whether the operating system refused, directly or by way of the lock, and not our own code. */
export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return 'syscall' in error || error.code === 'ERR_SQLITE_ERROR';
}
