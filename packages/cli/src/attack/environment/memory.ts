import { open, readFile } from 'node:fs/promises';

/** Longest region that is read in one piece. */
const REGION_BYTES_MAX = 1 << 28;

/** What root sees of a process: its writable memory, region by region (Linux, `/proc/PID/mem`). */
export async function* readMemory(pid: number): AsyncGenerator<Buffer> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8');
  const memory = await open(`/proc/${pid}/mem`, 'r');
  try {
    for (const line of maps.split('\n')) {
      const [, from = '', to = '', access = ''] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
      if (!access.startsWith('rw')) continue;
      const start = BigInt(`0x${from}`);
      const length = Number(BigInt(`0x${to}`) - start);
      if (length > REGION_BYTES_MAX) continue;
      const region = await readRegion(memory, start, length);
      if (region !== null) yield region;
    }
  } finally {
    await memory.close();
  }
}

/** Null where the kernel gives nothing away. */
async function readRegion(
  memory: Awaited<ReturnType<typeof open>>,
  start: bigint,
  length: number,
): Promise<Buffer | null> {
  try {
    const region = Buffer.alloc(length);
    const { bytesRead } = await memory.read(region, 0, length, start);
    return region.subarray(0, bytesRead);
  } catch {
    return null;
  }
}
