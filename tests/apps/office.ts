import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
/** Ports in a row that serving takes: the backend's, and those of the apps. */
const PORTS = 9;
const TRIES = 20;

/** Where everything is, as `serve --json` says. */
interface Report {
  readonly ok: boolean;
  readonly url: string;
  readonly wallet: string;
  readonly playground: string;
  readonly terminal: string;
  readonly console: string;
  readonly operatorTokenFile: string;
}

/** The backend and the apps, served by a real `tallystick serve`, which can go away and come back. */
export class Office {
  readonly folder: string;
  readonly port: number;
  #child: ChildProcess | null = null;
  #report: Report | null = null;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
  }

  static async open(): Promise<Office> {
    const folder = await mkdtemp(join(tmpdir(), 'apps-'));
    // The database's own user must get in.
    await chmod(folder, 0o755);
    for (let attempt = 1; ; attempt++) {
      const office = new Office(folder, await freePorts(PORTS));
      try {
        await office.start();
        return office;
      } catch (error) {
        // Somebody else may have taken one of the ports since.
        if (attempt === TRIES || !String(error).includes('PORT_IN_USE')) throw error;
      }
    }
  }

  get report(): Report {
    if (this.#report === null) throw new Error('it has not started yet');
    return this.#report;
  }

  async start(): Promise<void> {
    const args = [PROGRAM, 'serve', '--json', '--port', String(this.port)];
    const child = spawn(process.execPath, args, {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    // Whatever becomes of the test, nothing of it goes on serving.
    process.once('exit', () => child.kill('SIGKILL'));
    let [said, complained] = ['', ''];
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text));
    child.stdout.setEncoding('utf8');
    for await (const text of child.stdout as AsyncIterable<string>) {
      said += text;
      if (said.endsWith('}\n')) break;
    }
    if (!said.endsWith('}\n')) throw new Error(`serve ended: ${complained}`);
    const report = JSON.parse(said) as Report;
    if (!report.ok) {
      // With everything that it had started.
      if (child.exitCode === null) await once(child, 'exit');
      throw new Error(`serve refused: ${said}`);
    }
    this.#report = report;
  }

  /** No network from here on: nothing answers. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }

  /** What the backend says to anybody. */
  async read(path: string): Promise<unknown> {
    return (await fetch(`${this.report.url}${path}`)).json();
  }

  /** Runs a command line of the program beside the data; what it prints, of errors too. */
  async run(line: string): Promise<string> {
    const [, ...args] = line.split(' ');
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: this.folder });
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
    }
    await once(child, 'close');
    return said.join('');
  }

  async close(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The first of so many ports in a row that nobody has now. */
export async function freePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const first = await portIfFree(0);
    if (first === null) continue;
    const others = Array.from({ length: count - 1 }, (_, index) => portIfFree(first + 1 + index));
    if ((await Promise.all(others)).every((port) => port !== null)) return first;
  }
  throw new Error('there are no free ports in a row');
}

async function portIfFree(wanted: number): Promise<number | null> {
  const server = createServer();
  try {
    server.listen(wanted, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  } catch {
    return null;
  }
}
