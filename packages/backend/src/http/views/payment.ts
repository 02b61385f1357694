import { z } from '@hono/zod-openapi';
import type { PayeeHalf, PayerHalf } from '../../store/rows.ts';
import { type Money, moneySchema, toInstant, toMoney } from '../money.ts';
import { hex } from './fields.ts';

const payerHalfSchema = z.object({
  purse: hex,
  certificate: hex,
  seq: z.number().int(),
  inLog: z.boolean().openapi({ description: "In the payer's own proven log." }),
  accepted: z.boolean(),
  voided: z.boolean(),
  closed: z.boolean(),
  restored: z.boolean(),
  unload: z.enum(['held', 'frozen', 'paid']).nullable(),
});

const payeeHalfSchema = z.object({
  purse: hex,
  addressed: z.boolean(),
  received: z.boolean().openapi({ description: "A receipt of it is in the payee's proven log." }),
  voided: z.boolean(),
  closed: z.boolean(),
  credited: z.boolean(),
});

interface PayerView {
  readonly purse: string;
  readonly certificate: string;
  readonly seq: number;
  readonly inLog: boolean;
  readonly accepted: boolean;
  readonly voided: boolean;
  readonly closed: boolean;
  readonly restored: boolean;
  readonly unload: 'held' | 'frozen' | 'paid' | null;
}

interface PayeeView {
  readonly purse: string;
  readonly addressed: boolean;
  readonly received: boolean;
  readonly voided: boolean;
  readonly closed: boolean;
  readonly credited: boolean;
}

export interface PaymentView {
  readonly id: string;
  readonly amount: Money;
  readonly hop: number;
  readonly acceptBy: string;
  readonly payer: PayerView | null;
  readonly payee: PayeeView | null;
}

/** A payment as its two halves: what each side's shard knows of it. */
export const paymentSchema: z.ZodType<PaymentView> = z
  .object({
    id: hex,
    amount: moneySchema,
    hop: z.number().int(),
    acceptBy: z.iso.datetime(),
    payer: payerHalfSchema.nullable(),
    payee: payeeHalfSchema.nullable(),
  })
  .openapi('Payment');

export function viewPayment(payer: PayerHalf | null, payee: PayeeHalf | null): PaymentView | null {
  const known = payer ?? payee;
  if (known === null) return null;
  return {
    id: known.payment,
    amount: toMoney(known.amount, known.currency),
    hop: known.hop,
    acceptBy: toInstant(known.acceptBy),
    payer: payer === null ? null : viewPayer(payer),
    payee: payee === null ? null : viewPayee(payee),
  };
}

function viewPayer(half: PayerHalf): PayerView {
  const { purse, kid, seq, inLog, accepted, voided, closed, restored, unload } = half;
  return { purse, certificate: kid, seq, inLog, accepted, voided, closed, restored, unload };
}

function viewPayee(half: PayeeHalf): PayeeView {
  const { purse, addressed, receiptVersion, voided, closed, credited } = half;
  return { purse, addressed, received: receiptVersion !== null, voided, closed, credited };
}
