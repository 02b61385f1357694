import { readdirSync, readFileSync } from 'node:fs';
import type { VectorFile } from '@tallystick/protocol/vectors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareEngine } from '../virtual-se/bare-engine.ts';
import type { BareEngine } from '../virtual-se/engine.ts';
import { outcomesOf, toAscii } from '../testing/vectors/main.ts';
import { bundleScript } from './bundle.ts';

const folder = new URL('../../../../spec/vectors/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
let engine: BareEngine;

beforeAll(async () => {
  const entry = new URL('../testing/vectors/main.ts', import.meta.url);
  engine = await bareEngine(await bundleScript(entry));
});

afterAll(() => engine.dispose());

function read(name: string): VectorFile {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as VectorFile;
}

describe('the vectors of the protocol in a bare engine', () => {
  it('are there', () => {
    expect(names.length).toBeGreaterThan(0);
  });

  it.each(names)('%s comes out as it says, and as it does in Node', (name) => {
    const file = read(name);
    const inside = Buffer.from(engine.call('outcomes', toAscii(file))).toString('ascii');
    expect(JSON.parse(inside)).toEqual(file.vectors.map((vector) => vector.expect));
    expect(JSON.parse(inside)).toEqual(outcomesOf(file));
  });

  it('tells a vector that comes out otherwise', () => {
    const file = read(names[0] ?? '');
    const [first, ...rest] = file.vectors;
    const spoiled = { ...file, vectors: [{ ...first, input: 'ff' }, ...rest] };
    const inside = Buffer.from(engine.call('outcomes', toAscii(spoiled))).toString('ascii');
    expect(JSON.parse(inside)).not.toEqual(file.vectors.map((vector) => vector.expect));
  });
});
