import type { Results, Row } from './document.ts';

/** Bars of ratios on a logarithmic axis around 1, where a figure meets its limit. */
const WIDTH = 860;
const LABELS = 270;
const RIGHT = 70;
const LINE = 22;
const TOP = 88;
/** Room for an axis title under each panel, and the next panel's own. */
const BETWEEN = 58;
const DECADES = { least: -2.5, most: 2.5 };

interface Panel {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** The chart as an SVG that follows the reader's light or dark scheme. */
export function renderChart({ measured, rows }: Results): string {
  const panels = panelsOf(rows);
  const height = panels.reduce((sum, panel) => sum + panel.rows.length * LINE + BETWEEN, TOP);
  let top = TOP;
  const drawn = panels.map((panel) => {
    const text = drawPanel(panel, top);
    top += panel.rows.length * LINE + BETWEEN;
    return text;
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title description">`,
    '<title id="title">Figures of Tallystick as ratios to their limits</title>',
    `<desc id="description">Bars on a logarithmic axis around 1, measured on ${measured}. Every number is in the table of the page this chart belongs to.</desc>`,
    STYLE,
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    text(20, 30, 'Each figure as a ratio to its limit', 'head'),
    text(20, 50, 'The line at 1 is the limit; the axis is logarithmic.', 'quiet'),
    ...drawn,
    '</svg>',
  ].join('\n')}\n`;
}

const STYLE = `<style>
  svg { font-family: system-ui, sans-serif; font-size: 12px; }
  text { fill: #1b2733; }
  .page { fill: #ffffff; }
  .head { font-size: 17px; font-weight: 600; }
  .panel { font-size: 13px; font-weight: 600; }
  .quiet { fill: #5a6875; }
  .grid { stroke: #e0e5ea; }
  .limit { stroke: #1b2733; stroke-width: 1.5; }
  .bar { fill: #2f6fab; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e3e9ef; }
    .page { fill: #12181f; }
    .quiet { fill: #9aa8b5; }
    .grid { stroke: #2b3641; }
    .limit { stroke: #e3e9ef; }
    .bar { fill: #6aa9e6; }
  }
</style>`;

function panelsOf(rows: readonly Row[]): Panel[] {
  const held = rows.filter(({ ratio, name }) => ratio !== null && !name.includes('extrapolated'));
  const isRate = ({ unit }: Row): boolean => unit.endsWith('/s');
  return [
    { title: 'Rates: further to the right is better', rows: held.filter(isRate) },
    {
      title: 'Bytes and times: further to the left is better',
      rows: held.filter((row) => !isRate(row)),
    },
  ].filter((panel) => panel.rows.length > 0);
}

function drawPanel({ title, rows }: Panel, top: number): string {
  const bottom = top + rows.length * LINE;
  const grid = [0.01, 0.1, 1, 10, 100].flatMap((ratio) => [
    `<line class="${ratio === 1 ? 'limit' : 'grid'}" x1="${place(ratio)}" x2="${place(ratio)}" y1="${top}" y2="${bottom}"/>`,
    text(place(ratio), bottom + 15, String(ratio), 'quiet', 'middle'),
  ]);
  const bars = rows.map((row, index) => drawBar(row, top + index * LINE));
  // The limit's line lies over the bars' ends.
  return [text(20, top - 8, title, 'panel'), ...bars, ...grid].join('\n');
}

function drawBar({ name, ratio }: Row, y: number): string {
  const value = ratio ?? 1;
  const [end, middle] = [place(value), place(1)];
  const from = Math.min(end, middle);
  const width = Math.max(1, round(Math.abs(end - middle)));
  // Beside the bar, on the side it grows to.
  const [at, anchor] = value >= 1 ? [end + 5, 'start'] : [end - 5, 'end'];
  return [
    text(LABELS - 10, y + 15, name, '', 'end'),
    `<rect class="bar" x="${from}" y="${y + 4}" width="${width}" height="${LINE - 8}" rx="2"/>`,
    text(round(at), y + 15, String(ratio), 'quiet', anchor),
  ].join('\n');
}

/** Where a ratio stands on the axis; beyond its ends, at the end. */
function place(ratio: number): number {
  const { least, most } = DECADES;
  const decade = Math.min(most, Math.max(least, Math.log10(Math.max(ratio, Number.MIN_VALUE))));
  return round(LABELS + ((decade - least) / (most - least)) * (WIDTH - LABELS - RIGHT));
}

function text(x: number, y: number, content: string, kind: string, anchor = 'start'): string {
  const look = kind === '' ? '' : ` class="${kind}"`;
  return `<text${look} x="${x}" y="${y}" text-anchor="${anchor}">${content}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
