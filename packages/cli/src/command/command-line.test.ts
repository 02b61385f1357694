import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../commands.ts';
import { runHere, runProgram } from '../testing/command.ts';
import type { Command } from './command.ts';
import { Failure } from './failure.ts';
import { createProgress } from './progress.ts';
import { runCommandLine } from './run.ts';
import type { Runtime } from './runtime.ts';

describe('every command', () => {
  test.each(COMMANDS.map(({ name }) => name))('%s explains itself with examples', async (name) => {
    const run = await runHere([name, '--help']);
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toContain(`Usage: tallystick ${name}`);
    expect(run.stdout).toMatch(new RegExp(`Examples:\n  # .+\n  tallystick ${name}`));
    expect(run.stdout).toContain('--json');
  });

  test.each(COMMANDS.map(({ name }) => name))('%s refuses an unknown option', async (name) => {
    const run = await runHere([name, '--no-such-option', '--json']);
    expect(run.code).toBe(2);
    expect(run.stderr).toBe(`tallystick ${name}: Unknown option '--no-such-option'; see --help\n`);
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, error: { code: 'USAGE' } });
  });
});

describe('tallystick', () => {
  test('lists its commands', async () => {
    for (const args of [['help'], ['--help'], ['-h'], []]) {
      const run = await runHere(args);
      expect(run.code).toBe(args.length === 0 ? 2 : 0);
      for (const { name, summary } of COMMANDS)
        expect(run.stdout).toMatch(new RegExp(`  ${name} +${summary}`));
    }
  });

  test('names the commands there are when one is mistyped', async () => {
    const run = await runHere(['inspekt']);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(
      /^tallystick: there is no command "inspekt"; choose one of .*inspect/,
    );
  });

  test('runs as a program', async () => {
    const run = await runProgram(['--help']);
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toContain('Commands:');
  });
});

/** A command that does what a test says. */
function commandOf(run: Command['run']): Command {
  return {
    name: 'try',
    summary: 'a command of the tests',
    description: 'A command of the tests.',
    argument: { name: 'thing', says: 'something' },
    options: {
      count: { value: 'N', says: 'a number' },
      each: { value: 'TEXT', says: 'several', isMany: true },
      loud: { says: 'a switch' },
    },
    examples: [{ line: 'try', says: 'try it' }],
    run,
  };
}

async function attempt(
  args: readonly string[],
  run: Command['run'],
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const runtime: Runtime = {
    workingFolder: '.',
    writeOut: (text) => (out += text),
    writeError: (text) => (err += text),
    errorIsTerminal: false,
    readStdin: () => Promise.resolve(new Uint8Array(0)),
    setVariable: () => undefined,
    nowMs: () => 0,
    elapsedMs: () => 0,
    stopSignal: () => new AbortController().signal,
  };
  const code = await runCommandLine(['try', ...args], [commandOf(run)], runtime);
  return { code, out, err };
}

describe('a command', () => {
  test('gets what was written', async () => {
    const seen = await attempt(
      ['it', '--count', '7', '--each', 'a', '--each=b', '--loud'],
      ({ argument, values, runtime }) => {
        const count = values.integer('count', { min: 1, max: 9 }, 1);
        runtime.writeOut([argument, count, values.texts('each'), values.isSet('loud')].join(' '));
        return Promise.resolve(0);
      },
    );
    expect(seen).toEqual({ code: 0, out: 'it 7 a,b true', err: '' });
  });

  test.each([
    [['--count', '10'], '--count must be a whole number from 1 to 9, not "10"'],
    [['--count', '1e0'], '--count must be a whole number from 1 to 9, not "1e0"'],
    [['--count=1', '--count=2'], '--count is given 2 times; give it once'],
    [['--count'], "Option '--count <value>' argument missing; see --help"],
    [['--loud=yes'], "Option '--loud' does not take an argument; see --help"],
    [['one', 'two'], '"two" is one too many; see --help'],
  ])('is not run on %j', async (args, message) => {
    const seen = await attempt(args, ({ values }) => {
      values.integer('count', { min: 1, max: 9 }, 1);
      return Promise.resolve(0);
    });
    expect(seen).toEqual({ code: 2, out: '', err: `tallystick try: ${message}\n` });
  });

  test('that fails is one line, whatever the error says', async () => {
    const seen = await attempt(['--json'], () => {
      throw new Failure('NO_LUCK', 'first\n  second');
    });
    expect(seen.code).toBe(1);
    expect(seen.err).toBe('tallystick try: first; second\n');
    expect(JSON.parse(seen.out)).toEqual({
      ok: false,
      error: { code: 'NO_LUCK', message: 'first; second' },
    });
  });

  test('that breaks says how to see where', async () => {
    const broken = (): never => {
      throw new TypeError('a bug');
    };
    const seen = await attempt([], broken);
    expect(seen.err).toBe('tallystick try: a bug (run it again with --trace to see where)\n');
    expect((await attempt(['--trace'], broken)).err).toContain('command-line.test.ts');
  });
});

describe('progress', () => {
  test('is one line that is rewritten, and only for somebody who watches', () => {
    let text = '';
    const runtime = { writeError: (more: string) => void (text += more), elapsedMs: () => 2_000 };
    const silent = createProgress({ ...runtime, errorIsTerminal: false });
    silent.say('working');
    silent.clear();
    expect(text).toBe('');
    const seen = createProgress({ ...runtime, errorIsTerminal: true });
    seen.clear();
    seen.say('working');
    seen.clear();
    expect(text).toBe('\r\u001b[Kworking (0 s)\r\u001b[K');
  });
});
