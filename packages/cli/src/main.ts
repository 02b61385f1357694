#!/usr/bin/env node
import { COMMANDS } from './commands.ts';
import { runCommandLine } from './command/run.ts';
import type { Runtime } from './command/runtime.ts';

const stop = new AbortController();
let isListening = false;

const runtime: Runtime = {
  workingFolder: process.cwd(),
  writeOut: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  errorIsTerminal: process.stderr.isTTY,
  readStdin: async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
    return new Uint8Array(Buffer.concat(chunks));
  },
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  setVariable: (name, value) => {
    process.env[name] = value;
  },
  stopSignal: () => {
    if (!isListening) {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.on(signal, () => stop.abort());
      }
    }
    isListening = true;
    return stop.signal;
  },
};

// A reader that has seen enough (`| head`) closes the pipe: nothing is left to be said.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2), COMMANDS, runtime);
