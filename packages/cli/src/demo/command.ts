import type { Command } from '../command/command.ts';
import { ENVIRONMENT_NAMES } from '../environments/names.ts';
import { DEFAULT_DEMO, TRUST_FILE } from '../trust/places.ts';

/** `tallystick demo`. */
export const demo: Command = {
  name: 'demo',
  summary: 'the main job end to end, told step by step',
  description: [
    'Three wallets of two banks load money, lose the network, pay each other and a shop with what they',
    'just received; one tap is torn, one purse is rolled back and spends twice; then all come online in',
    'the worst order and redeem. Real keys, a real backend over HTTP, a real PostgreSQL. Ends with the',
    `supply equation. The messages and ${TRUST_FILE} stay in a folder, for inspect.`,
  ].join('\n'),
  options: {
    tre: {
      value: 'ENVIRONMENT',
      says: `where the people's purses run: ${ENVIRONMENT_NAMES.join(', ')}; default ${ENVIRONMENT_NAMES[0]}`,
    },
    'database-url': {
      value: 'URL',
      says: 'a PostgreSQL of yours (15 or newer) in place of a temporary embedded one',
    },
    keep: {
      value: 'FOLDER',
      says: `where messages and ${TRUST_FILE} are written; default ./${DEFAULT_DEMO}`,
    },
  },
  examples: [
    { line: 'demo', says: 'the story' },
    { line: 'demo --tre keys-only', says: 'with the keys in a TPM 2.0, emulated by swtpm' },
    { line: 'demo --json', says: 'what happened, for a program' },
    {
      line: 'demo --database-url postgres://user:password@127.0.0.1:5432/demo',
      says: 'on a database of yours, where audit finds it afterwards',
    },
  ],
  run: async (call) => (await import('./run.ts')).runDemo(call),
};
