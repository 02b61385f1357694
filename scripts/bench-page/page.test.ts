import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderChart } from './chart.ts';
import type { Results, Row } from './document.ts';
import { renderPage } from './page.ts';

const doc = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const results = JSON.parse(doc('benchmarks.json')) as Results;

describe('the page of benchmarks', () => {
  test('is what the generator makes of the results beside it', () => {
    expect(doc('benchmarks.md')).toBe(renderPage(results));
    expect(doc('benchmarks.svg')).toBe(renderChart(results));
  });

  test('says of every row what bounds it', () => {
    for (const { name } of results.rows) expect(doc('benchmarks.md')).toContain(`| \`${name}\` |`);
    const strange: Row = { name: 'new/row', value: 1, unit: 'B', limit: null, ratio: null };
    expect(() => renderPage({ ...results, rows: [strange] })).toThrow('nothing about new/row');
  });

  test('has a chart with a title and a description, and a bar for each ratio', () => {
    const chart = doc('benchmarks.svg');
    expect(chart).toContain('<title id="title">');
    expect(chart).toContain('<desc id="description">');
    const held = results.rows.filter(
      ({ name, ratio }) => ratio !== null && !name.includes('extrapolated'),
    );
    expect(chart.match(/class="bar"/g)).toHaveLength(held.length);
  });
});
