import { ENVIRONMENT_NAMES } from '../environments/names.ts';
import type { Group } from './attack.ts';
import type { Row } from './play.ts';

/** A row as it is kept: hashes are other ones in each run. */
export interface KeptRow extends Omit<Row, 'evidence'> {
  readonly evidence: Omit<Row['evidence'], 'before' | 'after'>;
}

const TITLES: Readonly<Record<Group, string>> = {
  state: 'On what a purse keeps',
  exchange: 'On what two devices say to each other',
  reconciliation: 'On the books',
  authority: 'On certificates, policies, lists and time',
  environment: 'On where a purse runs',
};

const MARKS = { prevented: '🟢', detected: '🔵', bounded: '🟡', succeeded: '🔴' } as const;

/** The page of attacks, in Markdown: made of a run, and of nothing else. */
export function attackPage(rows: readonly KeptRow[]): string {
  const groups = [...new Set(rows.map(({ group }) => group))];
  const parts = groups.map((group) =>
    section(
      group,
      rows.filter((row) => row.group === group),
    ),
  );
  return `${HEAD}\n${summary(rows)}\n${parts.join('\n')}`;
}

const HEAD = `# Attacks

Made by \`npm run attacks\` from a run of \`tallystick attack\`, which carries each of them out for real; a test
runs them again and compares. An outcome is the environment's, at that moment: 🟢 prevented (refused, or nothing
changed), 🔵 detected (done, and found out), 🟡 bounded (done, up to a bound), 🔴 succeeded. What comes to light
later is said in the notes. Attackers: *network* between devices, *file* has what the device stores, *app* is
the app around the purse gone bad, *root* has the whole device. Chips are emulated here: root's attacks on them show
what a chip is for.
`;

function summary(rows: readonly KeptRow[]): string {
  const counted = ENVIRONMENT_NAMES.map((name) => {
    const own = rows.filter(({ environment }) => environment === name);
    const count = (outcome: KeptRow['outcome']): number =>
      own.filter((row) => row.outcome === outcome).length;
    const cells = (Object.keys(MARKS) as (keyof typeof MARKS)[]).map(count);
    return `| ${name} | ${own.length} | ${cells.join(' | ')} |`;
  });
  return [
    '| environment | attacks | 🟢 prevented | 🔵 detected | 🟡 bounded | 🔴 succeeded |',
    '|---|---|---|---|---|---|',
    ...counted,
    '',
  ].join('\n');
}

function section(group: Group, rows: readonly KeptRow[]): string {
  const names = [...new Set(rows.map(({ attack }) => attack))];
  const head = [
    `## ${TITLES[group]}`,
    '',
    `| attack | attacker | ${ENVIRONMENT_NAMES.join(' | ')} |`,
    `|---|---|${ENVIRONMENT_NAMES.map(() => '---|').join('')}`,
  ];
  const lines = names.map((name) => line(rows.filter(({ attack }) => attack === name)));
  const notes = names.map((name) => note(rows.filter(({ attack }) => attack === name)));
  return [...head, ...lines, '', ...notes, ''].join('\n');
}

function line(rows: readonly KeptRow[]): string {
  const [first] = rows;
  const cells = ENVIRONMENT_NAMES.map((name) => {
    const row = rows.find(({ environment }) => environment === name);
    if (row === undefined) return '–';
    const { refusal } = row.evidence;
    return `${MARKS[row.outcome]} ${refusal === null ? row.outcome : `\`${refusal}\``}`;
  });
  return `| ${first?.attack} | ${first?.attacker} | ${cells.join(' | ')} |`;
}

/** What was done, once for all environments that it was the same for, with what is to be known of it. */
function note(rows: readonly KeptRow[]): string {
  const [first] = rows;
  const done = grouped(rows, ({ evidence }) => evidence.ran);
  const known = grouped(rows, ({ evidence }) => evidence.remark);
  const remark = known === '' ? '' : ` *${known}.*`;
  return `- **${first?.attack}** (${first?.reference}): ${done}.${remark}`;
}

/** Texts of rows, each with the environments that it is about, unless it is about all of them. */
function grouped(rows: readonly KeptRow[], textOf: (row: KeptRow) => string | null): string {
  const places = new Map<string, string[]>();
  for (const row of rows) {
    const text = textOf(row);
    if (text !== null) places.set(text, [...(places.get(text) ?? []), row.environment]);
  }
  const parts = [...places].map(([text, where]) =>
    where.length === rows.length ? text : `${text} (${where.join(', ')})`,
  );
  return parts.join('; ');
}
