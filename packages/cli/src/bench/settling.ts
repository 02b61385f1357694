import { availableParallelism } from 'node:os';
import type { Group } from './group.ts';
import { type Lab, withOffice } from './lab.ts';
import type { Office } from './office.ts';
import { type Row, row } from './row.ts';
import { measureSettling, type Plan } from './settle/settle.ts';
import { measureVerifying } from './settle/verify-rate.ts';
import { WrittenPurse } from './settle/written-purse.ts';

/** Payments settled a second: alone each, by heads, with one payee, sent thrice, in a large ledger. */
export const SETTLE: Group = {
  name: 'settle',
  rows: ['payees-first', 'payers-first', 'hot-merchant', 'triple-uploads', 'large-ledger'],
  measure: async (lab, isWanted) => {
    const office = await lab.office();
    const { purses, paymentsEach, idlePurses } = lab.scale;
    const cold: Plan = {
      first: 'payees-first',
      payers: purses,
      payees: purses,
      paymentsEach,
      copies: 1,
    };
    const rows: Row[] = [];
    const settle = async (name: string, plan: Plan, at: Office): Promise<number> => {
      lab.begin(`settling ${plan.payers * paymentsEach} payments, ${name.replace('-', ' ')}`);
      return (plan.payers * paymentsEach) / (await measureSettling(plan, at, lab.elapsedMs));
    };
    const add = async (
      name: string,
      limit: () => Promise<number>,
      rate: () => Promise<number>,
    ): Promise<void> => {
      if (!isWanted(name)) return;
      // Before and after: whatever else this machine does meanwhile slows the limit down as well.
      const before = await limit();
      const measured = await rate();
      const mean = (before + (await limit())) / 2;
      rows.push(row(`settle/${name}`, measured, 'payments/s', mean));
    };
    const verify = (): Promise<number> => verifyOnce(lab);
    const alone = (at: Office): Promise<number> => settle('payees-first', cold, at);
    await add('payees-first', verify, () => alone(office));
    await add('payers-first', verify, () =>
      settle('payers-first', { ...cold, first: 'payers-first' }, office),
    );
    lab.isSettled = true;
    if (!['hot-merchant', 'triple-uploads', 'large-ledger'].some(isWanted)) return rows;
    // What is compared has a ledger of its own: the audit reads all that is left in the other.
    await withOffice(lab.clock, async (small) => {
      const inSmall = (): Promise<number> => alone(small);
      await add('hot-merchant', inSmall, () =>
        settle('hot-merchant', { ...cold, payees: 1 }, small),
      );
      await add('triple-uploads', inSmall, () =>
        settle('triple-uploads', { ...cold, copies: 3 }, small),
      );
      if (!isWanted('large-ledger')) return;
      lab.begin(`opening ${idlePurses} purses that lie still`);
      await WrittenPurse.openIdle(office, idlePurses);
      await add('large-ledger', inSmall, () => settle('large-ledger', cold, office));
    });
    return rows;
  },
};

/** Signatures a second that all cores verify: the mean of all measurements of this run. */
export const VERIFY: Group = {
  name: 'verify',
  rows: ['all-cores'],
  measure: async (lab) => {
    if (lab.verified.length === 0) await verifyOnce(lab);
    const mean = lab.verified.reduce((sum, each) => sum + each, 0) / lab.verified.length;
    return [row('verify/all-cores', mean, 'signatures/s', null)];
  },
};

async function verifyOnce({ scale, elapsedMs, begin, verified }: Lab): Promise<number> {
  begin('verifying on all cores');
  const rate = await measureVerifying(scale.checks, availableParallelism(), elapsedMs);
  verified.push(rate);
  return rate;
}
