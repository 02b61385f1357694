import { expect, test } from 'vitest';
import { draftOf, readDraft } from './rules.ts';
import type { Rules } from './shapes.ts';

const EUR = 978;
const JPY = 392;

const rules: Rules = {
  hopMax: 5,
  staleSeconds: 5 * 86_400,
  tiers: [
    {
      tier: 1,
      paymentMax: '0',
      balanceMax: '9007199254740991',
      totalMax: '1250',
      countMax: 20,
      stepUpAbove: '5',
      payerCap: '100',
      offlineSeconds: 90_061,
    },
  ],
};

test.each([
  ['EUR', EUR],
  ['JPY', JPY],
])('rules survive being written into a form and read again, in %s', (_, currency) => {
  const read = readDraft(draftOf(rules, currency), rules.tiers, currency);
  expect(read).toEqual({ rules, bad: new Set() });
});

test('amounts are written with a point, windows in days', () => {
  const { tiers, staleSeconds } = draftOf(rules, EUR);
  expect([staleSeconds, tiers[0]?.totalMax, tiers[0]?.balanceMax, tiers[0]?.paymentMax]).toEqual([
    '5',
    '12.50',
    '90071992547409.91',
    '0.00',
  ]);
});

test.each([
  ['an amount with a third decimal', { totalMax: '1.234' }, '1 totalMax'],
  ['an amount with a comma', { totalMax: '1,50' }, '1 totalMax'],
  ['nothing', { payerCap: '' }, '1 payerCap'],
  ['a fraction of a payment', { countMax: '1.5' }, '1 countMax'],
  ['a window before now', { offlineSeconds: '-1' }, '1 offlineSeconds'],
])('names a field with %s in it', (_, typed, name) => {
  const draft = draftOf(rules, EUR);
  const [tier] = draft.tiers;
  if (tier === undefined) throw new Error('there is a tier');
  const { bad } = readDraft({ ...draft, tiers: [{ ...tier, ...typed }] }, rules.tiers, EUR);
  expect(bad).toEqual(new Set([name]));
});
