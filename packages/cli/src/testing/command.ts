import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../commands.ts';
import { runCommandLine } from '../command/run.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** What a finished command said. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly folder?: string;
  readonly stdin?: Uint8Array;
  readonly nowMs?: number;
  readonly errorIsTerminal?: boolean;
}

/** Runs a command line within this process. */
export async function runHere(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  let [stdout, stderr] = ['', ''];
  const { folder = '.', stdin = new Uint8Array(0), nowMs = 1_790_000_000_000 } = options;
  const code = await runCommandLine(args, COMMANDS, {
    workingFolder: folder,
    writeOut: (text) => (stdout += text),
    writeError: (text) => (stderr += text),
    errorIsTerminal: options.errorIsTerminal ?? false,
    readStdin: () => Promise.resolve(stdin),
    nowMs: () => nowMs,
    setVariable: (name, value) => {
      process.env[name] = value;
    },
    elapsedMs: () => 0,
    stopSignal: () => new AbortController().signal,
  });
  return { code, stdout, stderr };
}

/** Starts the real program, as a shell would. */
export function startProgram(args: readonly string[], folder: string): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { cwd: folder, stdio: 'pipe' });
}

/** Runs the real program to its end. */
export async function runProgram(
  args: readonly string[],
  { folder = '.', stdin = new Uint8Array(0) }: RunOptions = {},
): Promise<Run> {
  const child = startProgram(args, folder);
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin?.end(stdin);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, stdout, stderr };
}
