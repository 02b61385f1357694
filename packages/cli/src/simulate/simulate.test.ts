import { describe, expect, test } from 'vitest';
import type { Call } from '../command/command.ts';
import { readArguments } from '../command/options.ts';
import { runHere, runProgram } from '../testing/command.ts';
import { assertSchema } from '../testing/schema.ts';
import { simulate as command } from './command.ts';
import { runSimulate, type WorldOutput } from './run.ts';
import type { Sweep } from './words.ts';

const SMALL = ['--steps', '300', '--wallets', '3', '--terminals', '1', '--attackers', '1'];

describe('simulate', () => {
  test('gives the same bytes for the same seed, in processes of their own', async () => {
    const args = ['simulate', '--seed', '4', ...SMALL, '--json'];
    const [one, other] = [await runProgram(args), await runProgram(args)];
    expect([one.code, one.stderr]).toEqual([0, '']);
    expect(other.stdout).toBe(one.stdout);
    const world = JSON.parse(one.stdout) as WorldOutput;
    assertSchema('simulate', world);
    expect(world).toMatchObject({ ok: true, seed: '4', steps: 300, wallets: 3, violations: [] });
    expect(world.payments.made).toBeGreaterThan(0);
    expect(world.replay).toBe(
      'tallystick simulate --seed 4 --steps 300 --wallets 3 --terminals 1 --attackers 1',
    );
  });

  test('sweeps over seeds, and adds up', async () => {
    const sweep = JSON.parse(
      (await runHere(['simulate', '--seed', '8', '--seeds', '2', ...SMALL, '--json'])).stdout,
    ) as Sweep;
    assertSchema('simulate', sweep);
    const worlds = await Promise.all(
      ['8', '9'].map(async (seed) => {
        const run = await runHere(['simulate', '--seed', seed, ...SMALL, '--json']);
        return JSON.parse(run.stdout) as WorldOutput;
      }),
    );
    expect(sweep).toMatchObject({ ok: true, worlds: 2, passed: 2, firstSeed: '8', lastSeed: '9' });
    const made = worlds.reduce((sum, { payments }) => sum + payments.made, 0);
    const lost = worlds.reduce((sum, { faults }) => sum + faults.messagesLost, 0);
    expect([sweep.payments.made, sweep.faults.messagesLost]).toEqual([made, lost]);
  });

  test('gives the same bytes on one thread and on three', async () => {
    const args = ['simulate', '--seed', '1', '--seeds', '4', ...SMALL, '--json', '--threads'];
    const [one, three] = [await runHere([...args, '1']), await runHere([...args, '3'])];
    expect(one.code).toBe(0);
    expect(three).toEqual(one);
  });

  test('tells a person what happened', async () => {
    const run = await runHere(['simulate', '--seed', 'ada', ...SMALL]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('World of seed ada: 300 steps with faults');
    expect(run.stdout).toMatch(/checks, 0 violations\n$/);
    const sweep = await runHere(['simulate', '--seeds', '1', ...SMALL]);
    expect(sweep.stdout).toMatch(/^1 worlds, seeds 1 to 1, 300 steps each\n/);
  });

  test('counts up only from a number', async () => {
    const run = await runHere(['simulate', '--seed', 'ada', '--seeds', '2']);
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('--seeds counts up from --seed: give it as a number');
  });
});

describe('a violation', () => {
  /** Runs the command on worlds of which some are broken. */
  async function runBroken(
    broken: readonly string[],
    ...args: readonly string[]
  ): Promise<{ code: number; out: string; err: string }> {
    let [out, err] = ['', ''];
    const { values } = readArguments(args, command.options);
    const call: Call = {
      argument: undefined,
      rest: [],
      values,
      json: values.isSet('json'),
      progress: { say: () => undefined, clear: () => undefined },
      runtime: {
        workingFolder: '.',
        writeOut: (text) => (out += text),
        writeError: (text) => (err += text),
        errorIsTerminal: false,
        readStdin: () => Promise.resolve(new Uint8Array(0)),
        setVariable: () => undefined,
        nowMs: () => 0,
        elapsedMs: () => 0,
        stopSignal: () => new AbortController().signal,
      },
    };
    const sample = await runHere(['simulate', ...SMALL, '--json']);
    const { ok, replay: _, story: none, ...good } = JSON.parse(sample.stdout) as WorldOutput;
    expect([ok, none]).toEqual([true, []]);
    const violation = { step: 17, invariant: 'INV-SUPPLY', detail: '1 is missing' };
    const lines = ['Ana loads 20.00 EUR.', 'The audit finds: INV-SUPPLY, 1 is missing.'];
    const told = { violation, lines, deeds: 1, deedsBefore: 80, attempts: 30 };
    const code = await runSimulate(call, (_plan, seed) => {
      const isBroken = broken.includes(seed);
      const report = { ...good, seed, violations: isBroken ? [violation] : [] };
      return Promise.resolve({ report, story: isBroken ? told : null });
    });
    return { code, out, err };
  }

  test('fails the run, names what broke, and says how to replay it', async () => {
    const run = await runBroken(['a b'], '--seed', 'a b', '--steps', '40');
    expect(run.code).toBe(1);
    expect(run.out).toContain('VIOLATED  step 17: INV-SUPPLY, 1 is missing');
    expect(run.out).toContain('How it came about:\n    Ana loads 20.00 EUR.\n    The audit finds');
    expect(run.err).toBe(
      'tallystick simulate: seed a b is violated at step 17: INV-SUPPLY, 1 is missing; ' +
        'replay it with: tallystick simulate --seed "a b" --steps 40\n',
    );
  });

  test('does not hide the next in a sweep', async () => {
    const run = await runBroken(['2', '4'], '--seed', '1', '--seeds', '4', '--json');
    expect(run.code).toBe(1);
    const sweep = JSON.parse(run.out) as Sweep;
    assertSchema('simulate', sweep);
    expect(sweep).toMatchObject({ ok: false, worlds: 4, passed: 2 });
    expect(sweep.violations.map(({ seed }) => seed)).toEqual(['2', '4']);
    expect(run.err.trimEnd().split('\n')).toHaveLength(2);
  });
});
