import type { BalanceRow } from '../store/rows.ts';
import type { Difference } from './report.ts';

/** Reserve + loss + position = balances + in flight, per participant and currency (INV-SUPPLY). */
export class Supply {
  readonly #sums = new Map<string, bigint>();

  add(balances: readonly BalanceRow[]): void {
    for (const { account, participant, currency, balance } of balances) {
      // Claims against culprits stand outside the equation, and against each other.
      if (account === 'receivable' || account === 'recourse') continue;
      const side = `${participant} in ${currency}`;
      this.#sums.set(side, (this.#sums.get(side) ?? 0n) + balance);
    }
  }

  differences(): Difference[] {
    return [...this.#sums]
      .filter(([, sum]) => sum !== 0n)
      .map(([name, sum]) => ({
        subject: 'supply',
        purse: '',
        name,
        stored: `off by ${sum}`,
        computed: 'balanced',
      }));
  }
}
