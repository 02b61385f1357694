import { currencyOf, formatAmount, unwrap } from '@tallystick/protocol';
import { LAYERS, type RollbackRun, type StreetRow } from './rows.ts';

/** The page of what each layer against rollback contributes, in Markdown: made of a run, and of nothing else. */
export function rollbackPage({ restored, street }: RollbackRun): string {
  const opened = restored.map(
    ({ environment, outcome, refusal, remark }) =>
      `| ${environment} | ${outcome === 'prevented' ? `refused: \`${refusal}\`` : 'opens'} | ${remark ?? '–'} |`,
  );
  const counted = street.filter(({ counter }) => counter);
  const rows = [
    ...counted.slice(0, 1).map((row) => line(row, ['on', ANY, ANY, ANY])),
    ...street
      .filter(({ counter }) => !counter)
      .map((row) =>
        line(
          row,
          LAYERS.map((layer) => (row[layer] ? 'on' : '–')),
        ),
      ),
  ];
  return `${HEAD}
| environment | an old copy that is put back | what follows |
|---|---|---|
${opened.join('\n')}

${STREET}
| counter | epoch | witnesses | log | who finds it, and when | payments taken | money made | last one taken |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}

${LEGEND}`;
}

/** With the counter on, the rest makes no difference; a test holds the rows to that. */
const ANY = 'either';

function line(row: StreetRow, marks: readonly string[]): string {
  const cells = [...marks, caughtBy(row), row.accepted, money(row.counterfeit), lastDay(row)];
  return `| ${cells.join(' | ')} |`;
}

const EUR = unwrap(currencyOf('EUR'));

function money(minorUnits: string): string {
  return formatAmount(BigInt(minorUnits), EUR);
}

/** Each layer that found something out, the first one first. */
function caughtBy(row: StreetRow): string {
  const found: [hours: number, says: string][] = [];
  if (row.counter) found.push([0, 'counter: the copy does not open']);
  if (row.proven !== null) {
    const { day, meetings } = row.proven;
    found.push([day * 24 + 19, `witnesses: evening of day ${day}, at meeting ${meetings}`]);
  }
  if (row.named !== null) {
    const by = row.log ? 'log' : "the shops' proof reaches the backend";
    found.push([row.named * 24 + 23, `${by}: night of day ${row.named}`]);
  }
  if (row.epoch && row.stale !== null) {
    found.push([row.stale * 24 + 10, `epoch: too long away for shops from day ${row.stale} on`]);
  }
  if (row.epoch && row.rolledBack) {
    found.push([Number.POSITIVE_INFINITY, 'epoch: shows at its own next sync']);
  }
  const said = found.toSorted(([a], [b]) => a - b).map(([, says]) => says);
  return said.length === 0 ? 'nobody, ever' : said.join('; ');
}

/** The last day on which a shop took a payment of the attacker's. */
function lastDay({ over }: StreetRow): string {
  return over === null ? 'no end' : `day ${over - 1}`;
}

const HEAD = `# What stops a rollback

Made by \`npm run rollback\`, which carries the attack out anew each time; a test does it again and compares. Whoever
owns a device copies its storage, pays, puts the copy back, and pays somebody else with the same money. Four layers
stand against that, and each is switched off here to show what it contributes.

## At the device

The attack *snapshot rollback* of [the gallery](attacks.md), on real processes. The counter is the TPM's (TS-TRE-7);
without it, the same environment seals its state all the same.
`;

const STREET = `## In the street

A simulated street of sixteen shops without a network, with real trusted applications, wallets and backend. The
attacker has 20.00 EUR and one copy of its purse, made before its last two syncs. Each day it pays all of it at
the next shop and puts the copy back. Each evening the shops meet in pairs, by chance. In every seventh night all
of them sync (days 6 and 13). Sixteen days, from day 0.
`;

const LEGEND = `What *off* means, and what the columns count:

- **counter** off: the copy opens, as above. On: it does not, and the purse goes on from where it was.
- **epoch** off: the policy's windows (how long a purse pays without a sync, and how stale a payer may be) are
  forty days, longer than the attack, and nobody looks at the epoch that a statement names (TS-SYN-6). On:
  ten and eleven days. A payee judges them by its own floor, so they bite after its next sync. The epoch convicts
  nobody: it shows the operator which purse was set back.
- **witnesses** off: shops that meet compare nothing (TS-WIT-2). Lists and proofs go on from shop to shop all the
  same. That a shop remembers for itself stays on, and sees nothing here: the attacker visits none twice.
- **log** off: the backend does not compare what stands at one position. No option does that: the run
  removes the guard \`one-numbering\` from its source in memory, as \`npm run mutate\` does.
- **money made** is what shops accepted beyond the 20.00 EUR there were. They keep it (INV-FINAL): it is the loss.
  The bound that holds with every layer off is shops × cap of the payer's tier, here 16 × 400.00 EUR.

The counter prevents; nothing else does. The others end the attack: witnesses without any backend, as soon as two
shops that were paid have met and the proof has gone around; the log with the first sync of two of them; the
windows without anybody finding out who it was. An attacker who plans ahead can keep the two branches of its log from
ever standing at one position in two shops' memories, or pay each shop under another certificate: then witnesses see
nothing, and the log does when that purse itself syncs, or its issuer puts its certificates together.
`;
