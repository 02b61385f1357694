import { readdirSync, readFileSync } from 'node:fs';

/** A process as the system's own table (`/proc`) shows it. */
interface Listed {
  readonly pid: number;
  readonly parent: number;
  readonly title: string;
}

function listProcesses(): readonly Listed[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        // The name in brackets may hold anything; the parent is the second field after it.
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        const title = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return [{ pid: Number(name), parent, title }];
      } catch {
        // It ended while the table was read.
        return [];
      }
    });
}

/** The PostgreSQL that a backend's process started: its first process, and one for each connection. */
export function findPostgres(serve: number): {
  readonly postmaster: number | null;
  readonly backends: readonly number[];
} {
  const all = listProcesses();
  const postmaster = all.find(({ parent, title }) => parent === serve && title.includes(' -D '));
  const backends = all.filter(
    ({ parent, title }) => parent === postmaster?.pid && /127\.0\.0\.1\(\d+\)/.test(title),
  );
  return { postmaster: postmaster?.pid ?? null, backends: backends.map(({ pid }) => pid) };
}
