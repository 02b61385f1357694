import { readFileSync } from 'node:fs';
import { CORRECTION, PICTURES_PER_SECOND, QUIET_MODULES } from '@tallystick/wallet/browser';
import {
  HASTY,
  type OpticalRun,
  ratesUnder,
  shownFrames,
  SMALL,
  startReader,
} from '@tallystick/wallet/testing/optics';
import { describe, expect, test } from 'vitest';
import { opticalPage } from '../scripts/optical-page/page.ts';

const docs = new URL('../docs/', import.meta.url);
const kept = JSON.parse(readFileSync(new URL('optical.json', docs), 'utf8')) as OpticalRun;

function sum(counts: readonly { readonly read: number }[]): number {
  return counts.reduce((all, { read }) => all + read, 0);
}

describe('codes before a camera', () => {
  test('are read as often as the documents say', async () => {
    await startReader();
    // The densest and the smallest: all of them take minutes.
    const names = ['payment with certificate', 'receipt'];
    const rows = kept.rates.filter(
      ({ conditions, rows: height, frame }) =>
        conditions === HASTY.name && height === SMALL.height && names.includes(frame),
    );
    const views = rows[0]?.views ?? 0;
    const frames = (await shownFrames()).filter(({ name }) => names.includes(name));
    expect(rows).toHaveLength(names.length);
    expect(await ratesUnder(frames, SMALL, HASTY, views)).toEqual(rows);
    expect(views).toBeGreaterThanOrEqual(20);
  }, 300_000);

  test('are on the page as they were measured', () => {
    expect(readFileSync(new URL('optical.md', docs), 'utf8')).toBe(opticalPage(kept));
  });

  test('are read in nearly every frame on an ordinary day, by any camera', () => {
    const easy = kept.rates.filter(({ conditions }) => /^(?:steady|everyday)$/.test(conditions));
    expect(easy.length).toBeGreaterThan(20);
    for (const { read, views } of easy) expect(read / views).toBeGreaterThan(0.9);
  });

  test('are drawn as the measurements say: at the level that stands both blur and glare', () => {
    const blurred = (level: string): number =>
      sum(kept.corrections.filter(({ correction }) => correction === level));
    const covered = (level: string): number =>
      sum(kept.glare.filter(({ correction }) => correction === level));
    expect(blurred(CORRECTION)).toBeGreaterThan(blurred('Q'));
    expect(blurred(CORRECTION)).toBeGreaterThan(blurred('H'));
    expect(covered(CORRECTION)).toBeGreaterThan(covered('L'));
    const withQuiet = (width: number): number =>
      sum(kept.quiet.filter(({ quiet }) => quiet === width));
    for (const width of [0, 1, 4]) {
      expect(withQuiet(QUIET_MODULES)).toBeGreaterThanOrEqual(withQuiet(width));
    }
  });

  test('are read as a whole by every phone at the pace at which they move', () => {
    const ours = kept.animation.filter((each) => each.picturesPerSecond === PICTURES_PER_SECOND);
    expect(ours.length).toBeGreaterThan(1);
    for (const { worstMs } of ours) expect(worstMs).toBeLessThan(10_000);
  });
});
