import { CASES } from '../cases/index.ts';
import { FAULTS } from './faulty/faults.ts';

/** The seeded faults, with the cases that catch each and the clauses these judge. */
export function faultTable(): string {
  const rows = FAULTS.map(({ name, says, caughtBy }) => {
    const clauses = new Set(
      CASES.filter(({ id }) => caughtBy.includes(id)).flatMap((each) => each.clauses),
    );
    const cases = caughtBy.map((id) => `\`${id}\``).join(', ');
    return `| \`${name}\` | ${says} | ${cases} | ${[...clauses].join(', ')} |`;
  });
  return [
    '| fault | the wallet | caught by | clauses broken |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
