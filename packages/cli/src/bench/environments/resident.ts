import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** A process of Node's that does nothing. */
export async function idleMegabytes(): Promise<number> {
  const program = 'console.log("here"); setInterval(() => undefined, 1000)';
  const child = spawn(process.execPath, ['--eval', program]);
  await once(child.stdout, 'data');
  const megabytes = residentMegabytes(child.pid ?? process.pid);
  child.kill();
  return megabytes;
}

/** What a process takes of the memory now (Linux). */
export function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return Number.parseInt(kilobytes, 10) / 1_000;
}
