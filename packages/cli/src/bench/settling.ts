import { availableParallelism } from 'node:os';
import type { Group } from './group.ts';
import type { Lab } from './lab.ts';
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
    const measure = async (name: string, plan: Plan): Promise<{ rate: number; limit: number }> => {
      const before = await verifyOnce(lab);
      lab.begin(`settling ${plan.payers * paymentsEach} payments, ${name.replace('-', ' ')}`);
      const seconds = await measureSettling(plan, office, lab.elapsedMs);
      // Before and after: whatever else this machine does meanwhile slows the limit down as well.
      const limit = (before + (await verifyOnce(lab))) / 2;
      return { rate: (plan.payers * paymentsEach) / seconds, limit };
    };
    // The others are held against it.
    const alone = await measure('payees-first', cold);
    rows.push(row('settle/payees-first', alone.rate, 'payments/s', alone.limit));
    if (isWanted('payers-first')) {
      const covered = await measure('payers-first', { ...cold, first: 'payers-first' });
      rows.push(row('settle/payers-first', covered.rate, 'payments/s', covered.limit));
    }
    const besideIt = async (name: string, plan: Plan): Promise<void> => {
      if (!isWanted(name)) return;
      const { rate } = await measure(name, plan);
      rows.push(row(`settle/${name}`, rate, 'payments/s', alone.rate));
    };
    await besideIt('hot-merchant', { ...cold, payees: 1 });
    await besideIt('triple-uploads', { ...cold, copies: 3 });
    if (isWanted('large-ledger')) {
      lab.begin(`opening ${idlePurses} purses that lie still`);
      await WrittenPurse.openIdle(office, idlePurses);
      await besideIt('large-ledger', cold);
    }
    lab.isSettled = true;
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
