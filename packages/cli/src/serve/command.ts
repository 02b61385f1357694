import type { Command } from '../command/command.ts';
import { DEFAULT_DATA, TRUST_FILE } from '../trust/places.ts';

export const DEFAULT_PORT = 8080;

/** `tallystick serve`. */
export const serve: Command = {
  name: 'serve',
  summary: 'run the backend, on an embedded PostgreSQL or on yours',
  description: [
    'Runs the backend of one scheme until it is told to stop (Ctrl-C). What it holds survives: the next',
    `start on the same data finds everything again. It writes ${TRUST_FILE}, which inspect verifies with,`,
    'and keeps the token of its operators, to its data folder. A sandbox serves its apps besides, each on an',
    "origin of its own: the ports behind the backend's.",
  ].join('\n'),
  options: {
    data: { value: 'FOLDER', says: `where everything is kept; default ./${DEFAULT_DATA}` },
    'database-url': {
      value: 'URL',
      says: 'a PostgreSQL of yours (15 or newer) in place of the embedded one',
    },
    scheme: { value: 'FILE', says: 'data of the scheme; default the sandbox' },
    host: { value: 'ADDRESS', says: 'address to listen on; default 127.0.0.1' },
    port: {
      value: 'NUMBER',
      says: `port to listen on, 0 for any free one; default ${DEFAULT_PORT}`,
    },
    'operator-token': {
      value: 'TOKEN',
      says: 'what operators send as a bearer token; default one that is made once and kept',
    },
  },
  examples: [
    { line: 'serve', says: `the sandbox on http://127.0.0.1:${DEFAULT_PORT}, data in ./data` },
    {
      line: 'serve --database-url postgres://user:password@db.example:5432/tallystick --port 9000',
      says: 'on a database of yours',
    },
    { line: 'serve --port 0 --json', says: 'on any free port, the addresses as JSON' },
  ],
  run: async (call) => (await import('./run.ts')).runServe(call),
};
