/** The parts of one payment, in milliseconds. */
export interface Spans {
  /** From the payer's word to the payment's code on their screen: the purse debits, commits and signs. */
  readonly debit: number;
  /** From there to "received" on the payee's screen: read, verified, credited, committed. */
  readonly payment: number;
  /** From there to "paid" on the payer's: the receipt is drawn, read and verified. */
  readonly receipt: number;
  /** From the payer's word to "paid". */
  readonly all: number;
}

export interface CameraRun {
  readonly runs: readonly Spans[];
  readonly machine: string;
}

const ROWS: readonly (readonly [keyof Spans, string])[] = [
  ['debit', 'payer: debit, commit, sign, draw the code'],
  ['payment', 'payee: camera, verify, credit, commit'],
  ['receipt', 'payer: camera, verify, keep the receipt'],
  ['all', '**confirm to receipt**'],
];

/** The page of a run. */
export function cameraPage({ runs, machine }: CameraRun): string {
  return [
    '# A payment by camera',
    '',
    `Made by \`npm run camera\`: ${runs.length} payments between two wallets, each in a Chromium of its own whose camera`,
    "sees the other's screen, 640×480 and aimed already; purses in the virtual secure element, no network. Both browsers,",
    `both cameras and what measures share one machine (${machine}).`,
    '',
    '| part | median | 95th percentile |',
    '|---|---|---|',
    ...ROWS.map(([part, says]) => {
      const sorted = runs.map((each) => each[part]).toSorted((a, b) => a - b);
      return `| ${says} | ${seconds(quantile(sorted, 0.5))} | ${seconds(quantile(sorted, 0.95))} |`;
    }),
    '',
    'What people take to aim their phones comes on top. The parts of a row are of different payments, so that they need',
    'not add up.',
    '',
  ].join('\n');
}

/** By the nearest rank. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
