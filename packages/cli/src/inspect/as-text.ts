import type { Explained } from './explained.ts';

/** A value longer than this is cut on a screen; JSON has it whole. */
const VALUE_CHARACTERS_MAX = 72;
const MARKS = { passed: 'ok', failed: 'FAILED', 'not checked': 'not checked' } as const;

/** An explanation as indented lines for a screen. */
export function asText(of: Explained, indent = ''): string {
  const width = Math.max(0, ...of.fields.map(({ name }) => name.length));
  const lines = [`${indent}${of.kind} (${of.bytes} bytes, ${of.clause}): ${of.says}`];
  for (const { name, value, meaning, clause } of of.fields) {
    const margin = `${indent}  ${' '.repeat(width)}  `;
    lines.push(
      `${indent}  ${name.padEnd(width)}  ${cut(value)}`,
      `${margin}${meaning} (${clause})`,
    );
  }
  for (const { name, outcome, code, detail } of of.checks) {
    const why = [code, detail].filter((each) => each !== null && each !== '').join(': ');
    lines.push(`${indent}  [${MARKS[outcome]}] ${name}${why === '' ? '' : ` - ${why}`}`);
  }
  return [...lines, ...of.parts.map((part) => asText(part, `${indent}    `))].join('\n');
}

function cut(value: string): string {
  if (value.length <= VALUE_CHARACTERS_MAX) return value;
  return `${value.slice(0, VALUE_CHARACTERS_MAX)}… (${value.length} characters)`;
}
