/** Scores of one app: 0 to 100, the median of the runs, by category of Lighthouse. */
export interface Scores {
  readonly app: string;
  readonly screen: string;
  readonly scores: Readonly<Record<string, number>>;
  /** Median milliseconds. */
  readonly firstPaintMs: number;
  readonly blockedMs: number;
}

export interface LighthouseRun {
  readonly version: string;
  readonly runs: number;
  readonly machine: string;
  readonly apps: readonly Scores[];
}

/** The categories that are asked for. */
export const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;

/** The page of a run. */
export function lighthousePage({ version, runs, machine, apps }: LighthouseRun): string {
  return [
    '# Lighthouse',
    '',
    `Made by \`npm run lighthouse\`: Lighthouse ${version} as it comes, with its slow phone (four times slower than this`,
    `machine: ${machine}) on a slow network; the median of ${runs} runs, each on a blank browser.`,
    '',
    `| app | screen | ${CATEGORIES.join(' | ')} | first paint | main thread blocked |`,
    `|---|---|${CATEGORIES.map(() => '---|').join('')}---|---|`,
    ...apps.map(({ app, screen, scores, firstPaintMs, blockedMs }) => {
      const cells = CATEGORIES.map((each) => String(scores[each]));
      const times = [firstPaintMs, blockedMs].map((ms) => `${Math.round(ms)} ms`);
      return `| ${[app, screen, ...cells, ...times].join(' | ')} |`;
    }),
    '',
  ].join('\n');
}
