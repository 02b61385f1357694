import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { COUNTERS, newPlace } from './coverage.ts';
import { instrument } from './instrument.ts';

/**
 * Import this before anything that is to be fuzzed: from then on the project's own modules are
 * loaded with counters in them. What of them was loaded before has none.
 */
const OURS = /\/packages\/[^/]+\/src\/.*\.ts$|\/fuzz\/targets\/.*\.ts$/;

registerHooks({
  load: (url, context, nextLoad) => {
    if (!url.startsWith('file:') || !OURS.test(url)) return nextLoad(url, context);
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
    const name = '__counters';
    const counted = instrument(source, name, newPlace);
    const text = `const ${name} = globalThis.${COUNTERS};${counted}`;
    return { format: 'module', source: text, shortCircuit: true };
  },
});
