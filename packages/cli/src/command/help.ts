import type { Command } from './command.ts';
import { COMMON, type Options } from './options.ts';

/** The help of `tallystick` itself. */
export function overview(commands: readonly Command[]): string {
  return lines(
    'Offline digital cash with bounded, detectable and attributable double spending.',
    '',
    'Usage: tallystick <command> [options]',
    '',
    'Commands:',
    ...table(commands.map(({ name, summary }) => [name, summary])),
    '',
    'Every command has --help with examples, and --json for programs.',
  );
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const { name, description, argument, rest, options, examples } = command;
  return lines(
    description,
    '',
    `Usage: tallystick ${name}${argument === undefined ? '' : ` [${argument.name}]`} [options]${
      rest === undefined ? '' : ` [-- ${rest.name} ...]`
    }`,
    ...[argument, rest].flatMap((each) =>
      each === undefined ? [] : ['', ...table([[each.name, each.says]])],
    ),
    '',
    'Options:',
    ...table(optionRows({ ...options, ...COMMON })),
    '',
    'Examples:',
    ...examples.flatMap(({ line, says }) => [`  # ${says}`, `  tallystick ${line}`]),
  );
}

function optionRows(options: Options): [string, string][] {
  return Object.entries(options).map(([name, { value, says, isMany }]) => [
    `--${name}${value === undefined ? '' : ` ${value}`}`,
    isMany === true ? `${says} (may be repeated)` : says,
  ]);
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`);
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
