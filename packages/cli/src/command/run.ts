import { printJson, type Command } from './command.ts';
import { Failure, printed, usageFailure } from './failure.ts';
import { commandHelp, overview } from './help.ts';
import { readArguments } from './options.ts';
import { createProgress } from './progress.ts';
import type { Runtime } from './runtime.ts';

/** Runs a command line to its exit code: 0 done, 1 failed, 2 not understood. */
export async function runCommandLine(
  args: readonly string[],
  commands: readonly Command[],
  runtime: Runtime,
): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    runtime.writeOut(overview(commands));
    return name === undefined ? 2 : 0;
  }
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    const names = commands.map((each) => each.name).join(', ');
    runtime.writeError(`tallystick: there is no command "${name}"; choose one of ${names}\n`);
    return 2;
  }
  return runCommand(command, rest, runtime);
}

async function runCommand(
  command: Command,
  args: readonly string[],
  runtime: Runtime,
): Promise<number> {
  const progress = createProgress(runtime);
  try {
    const [given, rest] = partedAt(args, command);
    const { positionals, values } = readArguments(given, command.options);
    if (values.isSet('help')) {
      runtime.writeOut(commandHelp(command));
      return 0;
    }
    const [argument, extra] = positionals;
    const unwanted = command.argument === undefined ? argument : extra;
    if (unwanted !== undefined) throw usageFailure(`"${unwanted}" is one too many; see --help`);
    const json = values.isSet('json');
    const code = await command.run({ argument, rest, values, runtime, json, progress });
    progress.clear();
    return code;
  } catch (error) {
    progress.clear();
    return report(error, command, partedAt(args, command)[0], runtime);
  }
}

/** What stands before `--` and what follows it, where the command takes that as it is. */
function partedAt(
  args: readonly string[],
  { rest }: Command,
): [given: readonly string[], rest: readonly string[]] {
  const at = rest === undefined ? -1 : args.indexOf('--');
  return at === -1 ? [args, []] : [args.slice(0, at), args.slice(at + 1)];
}

/** One line on stderr, and with --json the same as the one JSON value. */
function report(
  error: unknown,
  command: Command,
  args: readonly string[],
  runtime: Runtime,
): number {
  const { code, message } = printed(error);
  runtime.writeError(`tallystick ${command.name}: ${message}\n`);
  if (args.includes('--trace')) {
    for (let each = error; each instanceof Error; each = each.cause) {
      runtime.writeError(`${each.stack ?? each.message}\n`);
    }
  }
  if (args.includes('--json')) printJson(runtime, { ok: false, error: { code, message } });
  return error instanceof Failure ? error.exitCode : 1;
}
