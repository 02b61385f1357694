import { ENVIRONMENT_NAMES } from '../environments/names.ts';
import type { Attack } from './attack.ts';
import type { Row } from './play.ts';

/** The attacks by name, with what each is after. */
export function listText(attacks: readonly Attack[]): string {
  const lines = attacks.map(
    ({ group, name, attacker, aim }) => `${group} · ${name} (${attacker}): ${aim}`,
  );
  return `${lines.join('\n')}\n`;
}

/** One line for each attack, one column for each environment. */
export function tableText(rows: readonly Row[]): string {
  const names = [...new Set(rows.map(({ attack }) => attack))];
  const shown = ENVIRONMENT_NAMES.filter((name) => rows.some((row) => row.environment === name));
  const width = Math.max(...names.map(({ length }) => length)) + 2;
  const cell = (attack: string, environment: string): string => {
    const row = rows.find((each) => each.attack === attack && each.environment === environment);
    return (row?.outcome ?? '–').padEnd(COLUMN);
  };
  const head = `${''.padEnd(width)}${shown.map((name) => name.padEnd(COLUMN)).join('')}`;
  const lines = names.map(
    (name) => `${name.padEnd(width)}${shown.map((each) => cell(name, each)).join('')}`,
  );
  return `${[head, ...lines].map((line) => line.trimEnd()).join('\n')}\n`;
}

const COLUMN = 12;
