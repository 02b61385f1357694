import type { Command } from '../command/command.ts';
import { ANSWER_MS } from './limits.ts';

/** `tallystick conformance`. */
export const conformance: Command = {
  name: 'conformance',
  summary: 'drive a payer or payee in any language over a pipe, and judge it clause by clause',
  description: [
    'Starts the program given after --, plays its issuer and the other device, and drives it through',
    'good and bad exchanges over its standard input and output, as chapter 22 of the specification',
    'says. Prints a verdict for each clause: PASS, FAIL, or NOT TESTED where no case judged it. Exits',
    'with 1 when one fails, or when none could be judged.',
  ].join('\n'),
  options: {
    own: { says: 'judge our own wallet, in place of a program after --' },
    role: { value: 'ROLE', says: 'payer, payee or both; default both' },
    clause: { value: 'CLAUSE', says: 'only cases that judge this clause', isMany: true },
    case: { value: 'CASE', says: 'only this case', isMany: true },
    list: { says: 'print the cases with the clauses they judge, and play none' },
    timeout: {
      value: 'MS',
      says: `how long the program may take to answer one order; default ${ANSWER_MS}`,
    },
  },
  rest: { name: 'program', says: 'the program under test and its arguments' },
  examples: [
    { line: 'conformance --own', says: 'our own wallet' },
    { line: 'conformance --role payee -- python3 my_wallet.py', says: 'a payee in Python' },
    { line: 'conformance --clause TS-PAY-3 --json -- ./wallet', says: 'one clause, for a program' },
    { line: 'conformance --list', says: 'what is tried' },
  ],
  run: async (call) => (await import('./run.ts')).runConformance(call),
};
