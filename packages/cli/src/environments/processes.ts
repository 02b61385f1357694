import { execFileSync } from 'node:child_process';

/** What the process of an isolated element runs; the other environments run in this very process. */
const PROGRAMS: Readonly<Record<string, string>> = {
  tee: 'build/tee.mjs',
  smartcard: 'build/chip.mjs',
  'virtual-se': 'build/virtual-se.mjs',
};

/** Whether an environment's elements have a process each. */
export function isIsolated(environment: string): boolean {
  return environment in PROGRAMS;
}

/** Pids of this process's children that run an element of an environment, the newest last. */
export function elementProcesses(environment: string): number[] {
  const program = PROGRAMS[environment];
  if (program === undefined) return [];
  const listed = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)]).toString();
  return listed
    .split('\n')
    .filter((line) => line.includes(program))
    .map((line) => Number.parseInt(line, 10));
}
