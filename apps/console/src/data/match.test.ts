import { expect, test } from 'vitest';
import { isOpen, type MatchState, matchOf } from './match.ts';
import type { PayeeHalf, PayerHalf, PaymentRow } from './shapes.ts';

const PAYER: PayerHalf = {
  purse: 'a',
  certificate: 'a',
  seq: 1,
  inLog: true,
  accepted: false,
  voided: false,
  closed: false,
  restored: false,
  unload: null,
};
const PAYEE: PayeeHalf = {
  purse: 'b',
  addressed: true,
  received: true,
  voided: false,
  closed: false,
  credited: true,
};

const row = (payer: Partial<PayerHalf> | null, payee: Partial<PayeeHalf> | null): PaymentRow => ({
  id: 'p',
  amount: { amount: '1', currency: 'EUR' },
  hop: 1,
  acceptBy: '2027-01-01T00:00:00Z',
  payer: payer === null ? null : { ...PAYER, ...payer },
  payee: payee === null ? null : { ...PAYEE, ...payee },
});

test.each<[MatchState, PaymentRow, boolean]>([
  ['matched', row({}, {}), false],
  ['unseen', row({ inLog: false }, {}), true],
  ['waiting', row({}, null), true],
  ['waiting', row({}, { received: false, credited: false }), true],
  ['received', row({}, { credited: false }), true],
  ['voided', row({ voided: true }, null), true],
  ['closed', row({ closed: true }, null), true],
  ['restored', row({ voided: true, restored: true }, null), false],
  ['misaddressed', row({}, { addressed: false }), true],
  ['held', row({ unload: 'held' }, null), true],
  ['frozen', row({ unload: 'frozen' }, null), true],
  ['paid', row({ unload: 'paid' }, null), false],
  ['loaded', row(null, {}), false],
  ['loading', row(null, { received: false, credited: false }), false],
])('halves are %s', (state, payment, open) => {
  expect([matchOf(payment), isOpen(payment)]).toEqual([state, open]);
});
