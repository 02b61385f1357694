import type { Command } from '../command/command.ts';
import { DEFAULT_DATA } from '../trust/places.ts';

/** `tallystick audit`. */
export const audit: Command = {
  name: 'audit',
  summary: 'recompute the ledger from the signed records, and compare',
  description: [
    "Works the whole ledger out again from the facts and the issuer's decisions, with code of its own,",
    'verifies every signature again that it rests on, and names every difference from what is stored.',
    'It changes nothing, and may run while the backend does. Exits with 1 when anything differs.',
  ].join('\n'),
  options: {
    data: { value: 'FOLDER', says: `data folder of serve; default ./${DEFAULT_DATA}` },
    'database-url': { value: 'URL', says: 'the PostgreSQL, where it is not the embedded one' },
  },
  examples: [
    { line: 'audit', says: 'the ledger in ./data, whether its backend runs or not' },
    {
      line: 'audit --database-url postgres://user:password@db.example:5432/tallystick --json',
      says: 'a database of yours, for a program',
    },
  ],
  run: async (call) => (await import('./run.ts')).runAudit(call),
};
