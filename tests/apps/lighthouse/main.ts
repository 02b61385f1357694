/** Measures the apps with Lighthouse, and writes docs/lighthouse.{json,md} (`npm run lighthouse`). */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHROMIUM } from '@tallystick/tre/testing/chromium';
import { Office } from '../office.ts';
import { CATEGORIES, lighthousePage, type LighthouseRun, type Scores } from './page.ts';

const RUNS = 5;
const TOOL = fileURLToPath(new URL('tool', import.meta.url));

/** What is read of a report. */
interface Report {
  readonly lighthouseVersion: string;
  readonly categories: Readonly<Record<string, { readonly score: number }>>;
  readonly audits: Readonly<Record<string, { readonly numericValue: number }>>;
}

function reportOn(url: string): Report {
  const folder = mkdtempSync(join(tmpdir(), 'lighthouse-'));
  const path = join(folder, 'report.json');
  try {
    const flags = [
      `--only-categories=${CATEGORIES.join(',')}`,
      '--chrome-flags=--headless=new --no-sandbox',
      '--output=json',
      `--output-path=${path}`,
      '--quiet',
    ];
    execFileSync(join(TOOL, 'node_modules/.bin/lighthouse'), [url, ...flags], {
      env: { ...process.env, CHROME_PATH: CHROMIUM },
      stdio: 'inherit',
    });
    return JSON.parse(readFileSync(path, 'utf8')) as Report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function measure(app: string, screen: string, url: string): [Scores, string] {
  const reports = Array.from({ length: RUNS }, () => reportOn(url));
  const scoreIn = (category: string): number =>
    median(reports.map(({ categories }) => (categories[category]?.score ?? 0) * 100));
  const timeOf = (audit: string): number =>
    median(reports.map(({ audits }) => audits[audit]?.numericValue ?? 0));
  const scores = Object.fromEntries(
    CATEGORIES.map((category) => [category, Math.round(scoreIn(category))]),
  );
  process.stdout.write(`${app}: ${JSON.stringify(scores)}\n`);
  const times = {
    firstPaintMs: timeOf('first-contentful-paint'),
    blockedMs: timeOf('total-blocking-time'),
  };
  return [{ app, screen, scores, ...times }, reports[0]?.lighthouseVersion ?? ''];
}

execFileSync('npm', ['ci', '--prefix', TOOL], { stdio: 'inherit' });
const office = await Office.open();
const { wallet, terminal, console: operator, playground } = office.report;
const measured = [
  measure('wallet', 'first start', wallet),
  measure('terminal', 'first start', terminal),
  measure('console', 'sign-in', operator),
  measure('playground', 'all of it', playground),
];
await office.close();
const models = new Set(cpus().map(({ model }) => model.trim()));
const run: LighthouseRun = {
  version: measured[0]?.[1] ?? '',
  runs: RUNS,
  machine: `${cpus().length} cores, ${[...models].join(', ')}`,
  apps: measured.map(([scores]) => scores),
};
const at = (name: string): URL => new URL(`../../../docs/lighthouse.${name}`, import.meta.url);
writeFileSync(at('json'), `${JSON.stringify(run, null, 2)}\n`);
writeFileSync(at('md'), lighthousePage(run));
process.stdout.write('docs/lighthouse.{json,md} are written\n');
