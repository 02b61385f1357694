import type { ServeReport } from '../serve/run.ts';
import { startProgram } from './command.ts';
import { assertSchema } from './schema.ts';

/** A backend that runs as `tallystick serve` in a process of its own. */
export interface Serving {
  readonly report: ServeReport;
  /** Sends signals, one after another, and waits for the end. */
  stop(
    ...signals: readonly NodeJS.Signals[]
  ): Promise<{ readonly code: number | null; readonly stdout: string }>;
}

/** Starts `serve --json` in a folder, and waits until it can be reached. */
export async function startServing(folder: string, ...args: readonly string[]): Promise<Serving> {
  const child = startProgram(['serve', '--json', '--port', '0', ...args], folder);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  while (!stdout.endsWith('}\n')) {
    const outcome = await Promise.race([
      ended.then(() => 'ended' as const),
      new Promise<'more'>((resolve) => child.stdout?.once('data', () => resolve('more'))),
    ]);
    if (outcome === 'ended') throw new Error(`serve ended: ${stderr}`);
  }
  const report = JSON.parse(stdout) as ServeReport;
  assertSchema('serve', report);
  return {
    report,
    stop: async (...signals) => {
      for (const signal of signals) child.kill(signal);
      return { code: await ended, stdout };
    },
  };
}
