import type { Command } from '../command/command.ts';

/** `tallystick bench`. */
export const bench: Command = {
  name: 'bench',
  summary: 'measure sizes and speeds, each beside a limit of the same run',
  description: [
    'Measures bytes per message, computing per payment, payments settled and rows audited a second on an',
    'embedded PostgreSQL that really syncs to disk, payments simulated a second, memory, and status',
    'lists. A figure has a limit beside it: a bound of the design, or what this machine does at best,',
    'measured in the same run. Takes a few minutes.',
  ].join('\n'),
  options: {
    quick: { says: 'small samples, for a look or a test: the figures are rough' },
    purses: { value: 'N', says: 'payers of a settled ledger, and as many payees (2500)' },
    idle: { value: 'N', says: 'purses that lie in the large ledger besides (100000)' },
    only: { value: 'PREFIX', says: 'rows whose names start so, such as size or compute/payer' },
  },
  examples: [
    { line: 'bench', says: 'all of it, as a table' },
    { line: 'bench --only size', says: 'the bytes of each message' },
    {
      line: 'bench --only settle/pay --purses 50000',
      says: 'a million payments, payees first and payers first',
    },
    { line: 'bench --quick --json', says: 'rough figures for a program' },
  ],
  run: async (call) => (await import('./run.ts')).runBench(call),
};
