import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const IMPORT = /^(?:import|export)\b[^;]*?\bfrom '([^']+)'/gm;
const NODE_ONLY = /\b(?:Buffer|setImmediate|__dirname)\b|\bprocess\./;

/** Files that the core reaches, with what each imports by name. */
async function reach(from: URL): Promise<Map<string, { text: string; names: string[] }>> {
  const seen = new Map<string, { text: string; names: string[] }>();
  const waiting = [from];
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    if (seen.has(url.href)) continue;
    const text = await readFile(url, 'utf8');
    const specifiers = [...text.matchAll(IMPORT)].map(([, specifier = '']) => specifier);
    seen.set(url.href, { text, names: specifiers.filter((name) => !name.startsWith('.')) });
    for (const relative of specifiers.filter((name) => name.startsWith('.'))) {
      waiting.push(new URL(relative, url));
    }
  }
  return seen;
}

test('the core runs without Node: the simulator and other engines need no module or global of it', async () => {
  const files = await reach(new URL('./core.ts', import.meta.url));
  expect(files.size).toBeGreaterThan(40);
  const names = new Set([...files.values()].flatMap((file) => file.names));
  expect([...names].filter((name) => !/^(?:@tallystick|@noble)\/|^zod$/.test(name))).toEqual([]);
  const users = [...files].filter(([, { text }]) => NODE_ONLY.test(withoutComments(text)));
  expect(users.map(([path]) => path)).toEqual([]);
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
}
