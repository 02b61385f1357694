import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../packages/cli/src/main.ts', import.meta.url));

interface Report {
  readonly ok: boolean;
  readonly url: string;
  readonly operatorTokenFile: string | null;
}

/** How a `tallystick serve` ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

/** A real `tallystick serve` in a process of its own, on its own embedded PostgreSQL. */
export class Serving {
  readonly #child: ChildProcess;
  readonly ended: Promise<Ending>;
  /** Resolves with its report once it can be reached; null when it ended before. */
  readonly ready: Promise<Report | null>;

  constructor(folder: string) {
    const args = [PROGRAM, 'serve', '--json', '--port', '0', '--data', folder];
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    let isReported = false;
    const report = Promise.withResolvers<Report>();
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      // Where it cannot start it says so in the same way, and ends.
      if (isReported || !stdout.endsWith('}\n')) return;
      const said = JSON.parse(stdout) as Report;
      isReported = said.ok;
      if (said.ok) report.resolve(said);
      else stderr += stdout;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    this.ended = once(this.#child, 'close').then(() => ({
      code: this.#child.exitCode,
      signal: this.#child.signalCode,
      stderr,
    }));
    this.ready = Promise.race([report.promise, this.ended.then(() => null)]);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async operatorToken(): Promise<string> {
    return (await readFile((await this.ready)?.operatorTokenFile ?? '', 'utf8')).trim();
  }

  kill(signal: 'SIGKILL' | 'SIGTERM'): void {
    this.#child.kill(signal);
  }

  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Ending> {
    this.kill(signal);
    return this.ended;
  }
}
