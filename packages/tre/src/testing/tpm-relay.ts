import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TpmLine } from '../tpm/transport.ts';

/** Where a line to a TPM breaks: before a command reaches it, or before its response comes back. */
export interface Cut {
  readonly at: 'command' | 'response';
  /** How many commands of that code come before. */
  readonly after: number;
  readonly code: number;
}

/** Stands between a TPM and whoever uses it, counts commands, and breaks the line where it is told to. */
export class TpmRelay {
  readonly #folder: string;
  readonly #servers: Server[] = [];
  /** Codes of all commands that came through. */
  readonly seen: number[] = [];
  cut: Cut | null = null;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(): Promise<TpmRelay> {
    return new TpmRelay(await mkdtemp(join(tmpdir(), 'relay-')));
  }

  /** A line that runs through here to another. */
  async between(tpm: Socket): Promise<TpmLine> {
    const path = join(this.#folder, `${this.#servers.length}`);
    const server = createServer((user) => this.#relay(user, tpm));
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const line = createConnection(path);
    line.on('error', () => undefined);
    await new Promise<void>((resolve) => line.once('connect', resolve));
    return line;
  }

  #relay(user: Socket, tpm: Socket): void {
    const breakOff = (): void => {
      user.destroy();
      tpm.destroy();
    };
    let isResponseLost = false;
    user.on('error', breakOff).on('close', breakOff);
    tpm.on('error', breakOff).on('close', breakOff);
    // One command at a time, each in one piece: they are far shorter than what a socket takes at once.
    user.on('data', (command: Buffer) => {
      const code = command.readUInt32BE(6);
      const isHit =
        this.cut?.code === code &&
        this.seen.filter((each) => each === code).length === this.cut.after;
      this.seen.push(code);
      if (isHit && this.cut?.at === 'command') return breakOff();
      isResponseLost = isHit;
      tpm.write(command);
    });
    tpm.on('data', (response: Buffer) => (isResponseLost ? breakOff() : user.write(response)));
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) server.close();
    await rm(this.#folder, { recursive: true });
  }
}
