import { encodeCbor } from '@tallystick/protocol';
import { describe, expect, it } from 'vitest';
import { ModelledDisk } from '../testing/modelled-folder.ts';
import { LOG, type LogFile, openLog } from './log-file.ts';

const entry = (seq: number): Uint8Array => encodeCbor([100 + seq, new Uint8Array(40).fill(seq)]);

async function append(log: LogFile, first: number, count: number): Promise<void> {
  await log.stage(
    first,
    Array.from({ length: count }, (_, index) => entry(first + index)),
  );
  log.keep();
}

async function readAll(log: LogFile, to: number): Promise<(number | null)[]> {
  const found: (number | null)[] = [];
  for (let seq = 1; seq <= to; seq++) {
    const bytes = await log.entry(seq);
    found.push(bytes === null ? null : seq);
    expect(bytes ?? entry(seq)).toEqual(entry(seq));
  }
  return found;
}

async function logOf(count: number): Promise<ModelledDisk> {
  const disk = new ModelledDisk();
  const log = await openLog(disk.folder(), 0);
  await append(log, 1, count);
  return disk;
}

/** Changes one byte of a file. */
async function damage(disk: ModelledDisk, name: string, at: number): Promise<void> {
  const folder = disk.folder();
  const bytes = (await folder.read(name)) ?? new Uint8Array(0);
  bytes[at] = (bytes[at] ?? 0) ^ 0x40;
  await folder.write(name, bytes);
}

describe('the log file of a plain process', () => {
  it('finds its entries again', async () => {
    const disk = await logOf(5);
    const log = await openLog(disk.folder(), 5);
    expect(log.end).toBe(5);
    expect(await readAll(log, 6)).toEqual([1, 2, 3, 4, 5, null]);
  });

  it('cuts what no committed state speaks of (TS-TRE-3)', async () => {
    const disk = await logOf(5);
    const log = await openLog(disk.folder(), 3);
    expect(log.end).toBe(3);
    await append(log, 4, 1);
    expect(await readAll(await openLog(disk.folder(), 9), 5)).toEqual([1, 2, 3, 4, null]);
  });

  it('forgets what was staged and not kept', async () => {
    const disk = await logOf(2);
    const log = await openLog(disk.folder(), 2);
    await log.stage(3, [entry(3), entry(4)]);
    await log.cutTail();
    await append(log, 3, 1);
    expect(await readAll(await openLog(disk.folder(), 3), 4)).toEqual([1, 2, 3, null]);
  });

  it('takes a position once', async () => {
    const log = await openLog((await logOf(2)).folder(), 2);
    await expect(log.stage(2, [entry(2)])).rejects.toThrow(RangeError);
  });

  it('ends at every byte that was torn off or changed, and keeps the damaged file (TS-TRE-4)', async () => {
    const whole = await logOf(4);
    const bytes = (await whole.folder().read(LOG)) ?? new Uint8Array(0);
    const recordBytes = bytes.length / 4;
    for (let at = 0; at < bytes.length; at++) {
      const torn = whole.clone('torn');
      await torn.folder().write(LOG, bytes.slice(0, at));
      expect((await openLog(torn.folder(), 4)).end).toBe(Math.floor(at / recordBytes));
      const changed = whole.clone('changed');
      await damage(changed, LOG, at);
      const log = await openLog(changed.folder(), 4);
      expect(log.end).toBe(Math.floor(at / recordBytes));
      expect((await changed.folder().read('log.damaged-4'))?.length).toBe(bytes.length);
      await append(log, 5, 1);
      expect((await openLog(changed.folder(), 5)).end).toBe(5);
    }
  });

  it('gives no entry that was changed under it', async () => {
    const disk = await logOf(3);
    const log = await openLog(disk.folder(), 3);
    await damage(disk, LOG, 20);
    expect(await readAll(log, 3)).toEqual([null, 2, 3]);
  });

  it('drops entries at once, and their bytes when that is worth it', async () => {
    const disk = await logOf(40);
    const size = async (): Promise<number> => (await disk.folder().read(LOG))?.length ?? 0;
    const full = await size();
    const log = await openLog(disk.folder(), 40, full / 2);
    await log.dropBelow(11);
    expect(await size()).toBe(full);
    expect(await log.entry(10)).toBeNull();
    await log.dropBelow(31);
    expect(await size()).toBe(full / 4);
    await append(log, 41, 2);
    const kept = [
      ...Array.from({ length: 30 }, () => null),
      31,
      32,
      33,
      34,
      35,
      36,
      37,
      38,
      39,
      40,
    ];
    expect(await readAll(log, 42)).toEqual([...kept, 41, 42]);
    expect(await readAll(await openLog(disk.folder(), 42), 42)).toEqual([...kept, 41, 42]);
  });

  it('keeps the old file where there is no room to rewrite it', async () => {
    const disk = await logOf(40);
    const log = await openLog(disk.folder(), 40, 100);
    disk.strike(2, 'full');
    await log.dropBelow(31);
    expect(disk.isDue).toBe(false);
    expect(await log.entry(31)).toEqual(entry(31));
    await append(log, 41, 1);
    expect((await openLog(disk.folder(), 41)).end).toBe(41);
  });
});
