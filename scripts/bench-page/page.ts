import { readFileSync } from 'node:fs';
import type { Results, Row } from './document.ts';

interface Peer {
  readonly what: string;
  readonly figure: string;
  readonly source: string;
}

const BOUNDS = read('bounds.json') as readonly (readonly [prefix: string, sentence: string])[];
const PEERS = read('peers.json') as readonly Peer[];

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

/** The page as Markdown. Throws for a row that nothing is said about. */
export function renderPage(results: Results): string {
  const { measured, note, machine, rows } = results;
  return `${[
    '# Benchmarks',
    '',
    'Written by `npm run bench:page` from [benchmarks.json](benchmarks.json), a run of `tallystick bench`.',
    'A figure has a limit beside it: a bound of the design, or what the same machine did at best in the',
    'same run. The ratio is the figure divided by its limit.',
    '',
    ...(note === null ? [] : [`> **${note}**`, '']),
    ...machineLines(measured, machine),
    '',
    '![Each figure as a ratio to its limit; the table below has every number](benchmarks.svg)',
    '',
    '## Every row',
    '',
    '| row | value | limit | ratio | what bounds it |',
    '| --- | ---: | ---: | ---: | --- |',
    ...rows.map(rowLine),
    '',
    'Cold is the first payment after a device has started, with a stranger; warm ones are with a familiar',
    'partner. Storage is left out of both.',
    '',
    '## Others',
    '',
    'For orientation, not as a contest: these were made for other ends, and measured on other machines',
    'unless it says so.',
    '',
    '| what | figure | source |',
    '| --- | ---: | --- |',
    ...PEERS.map(({ what, figure, source }) => `| ${what} | ${figure} | ${source} |`),
  ].join('\n')}\n`;
}

function machineLines(measured: string, machine: Results['machine']): string[] {
  const { processor, cores, memoryGiB, system, node, postgresql } = machine;
  return [
    `Measured on ${measured}: ${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}, PostgreSQL`,
    `${postgresql} with fsync on.`,
  ];
}

function rowLine({ name, value, unit, limit, ratio }: Row): string {
  const cells = [
    `\`${name}\``,
    `${figure(value)} ${unitText(unit)}`,
    limit === null ? '' : figure(limit),
    ratio === null ? '' : String(ratio),
    boundOf(name),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The sentence of the longest prefix that fits. */
function boundOf(name: string): string {
  const fitting = BOUNDS.filter(([prefix]) => name.startsWith(prefix));
  const [best] = fitting.toSorted(([a], [b]) => b.length - a.length);
  if (best === undefined) throw new RangeError(`bounds.json says nothing about ${name}`);
  return best[1];
}

function figure(value: number): string {
  const [whole = '', ...rest] = String(value).split('.');
  return [whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ','), ...rest].join('.');
}

function unitText(unit: string): string {
  return unit === 'us' ? 'µs' : unit;
}
