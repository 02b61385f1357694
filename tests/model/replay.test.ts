import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTrace } from '../../scripts/model/itf.ts';
import { simulate } from '../../scripts/model/quint.ts';
import { replay } from '../../scripts/model/replay.ts';
import { sound } from '../../scripts/model/rules.ts';
import type { ModelState } from '../../scripts/model/trace.ts';

const TIMEOUT_MS = 300_000;
const TRACES = 8;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallystick-replay-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('traces of the model', () => {
  test.each(sound(TRACES))(
    'of $main from $init by $step keep every promise, and the code follows them step by step',
    { timeout: TIMEOUT_MS },
    async (search) => {
      const path = join(folder, `${search.seed}_{seq}.itf.json`);
      const { broken } = await simulate(search, { path, count: TRACES });
      expect(broken).toEqual([]);
      for (let seq = 0; seq < TRACES; seq++) {
        const { steps, divergence } = await replay(readTrace(path.replace('{seq}', String(seq))));
        expect(divergence).toBeNull();
        expect(steps).toBe(search.steps);
      }
    },
  );

  /** A trace with one thing told wrongly in its last state. */
  function told(wrongly: (state: ModelState) => ModelState): ModelState[] {
    const states = [...readTrace(join(folder, '11_0.itf.json'))];
    const last = states.pop();
    if (last === undefined) throw new Error('an empty trace');
    return [...states, wrongly(last)];
  }

  test.each<readonly [string, (state: ModelState) => ModelState]>([
    ['outcome', (state) => ({ ...state, last: { ...state.last, code: 'LOCKED' } })],
    ['balance', (state) => withPurse(state, { balance: 1_000 })],
    ['position', (state) => withPurse(state, { seq: 1_000 })],
    ['open payment', (state) => withPurse(state, { open: new Map([[4, true]]) })],
    ['replay memory', (state) => withPurse(state, { answered: new Map() })],
    ['log', (state) => withPurse(state, { head: 1 })],
    ['float', (state) => withLedger(state, { float: new Map([[1, -7]]) })],
    ['flight', (state) => withLedger(state, { inFlight: 1_000 })],
    ['standing', (state) => withLedger(state, { standing: new Map([[1, 'culprit']]) })],
    ['payment half', (state) => withLedger(state, { payee: new Map() })],
  ])('that tell a wrong %s are not followed', async (_, wrongly) => {
    const states = told(wrongly);
    const { divergence } = await replay(states);
    expect(divergence?.step).toBe(states.length - 1);
  });
});

function withPurse(
  state: ModelState,
  change: Partial<ModelState['world']['purses'] extends ReadonlyMap<number, infer P> ? P : never>,
): ModelState {
  const { world } = state;
  const purse = world.purses.get(1);
  if (purse === undefined) throw new Error('no purse 1');
  const purses = new Map([...world.purses, [1, { ...purse, ...change }] as const]);
  return { ...state, world: { ...world, purses } };
}

function withLedger(
  state: ModelState,
  change: Partial<ModelState['world']['office']['ledger']>,
): ModelState {
  const { office } = state.world;
  const ledger = { ...office.ledger, ...change };
  return { ...state, world: { ...state.world, office: { ...office, ledger } } };
}
