import type { PaymentRow } from './shapes.ts';

/** How the halves of a payment stand to each other. */
export type MatchState =
  | 'matched'
  | 'waiting'
  | 'unseen'
  | 'restored'
  | 'voided'
  | 'closed'
  | 'held'
  | 'frozen'
  | 'paid'
  | 'misaddressed'
  | 'received'
  | 'loaded'
  | 'loading';

/** What there is to say of a payment in a word. */
export function matchOf({ payer, payee }: PaymentRow): MatchState {
  if (payer !== null && payer.unload !== null) return payer.unload;
  if (payer !== null && payer.restored) return 'restored';
  if (payee !== null && !payee.addressed) return 'misaddressed';
  // The issuer is the payer of a load, and has no half.
  if (payer === null && payee !== null) return payee.received ? 'loaded' : 'loading';
  if (payee?.credited === true) return payer?.inLog === true ? 'matched' : 'unseen';
  if (payer?.voided === true || payee?.voided === true) return 'voided';
  if (payer?.closed === true || payee?.closed === true) return 'closed';
  return payee?.received === true ? 'received' : 'waiting';
}

const OPEN: ReadonlySet<MatchState> = new Set([
  'waiting',
  'unseen',
  'received',
  'misaddressed',
  'held',
  'frozen',
  'voided',
  'closed',
]);

/** Whether a half is still alone, or something about the two is left to do. */
export function isOpen(row: PaymentRow): boolean {
  return OPEN.has(matchOf(row));
}

export function toneOf(state: MatchState): 'good' | 'warn' | 'bad' | 'plain' {
  if (state === 'matched' || state === 'paid' || state === 'loaded') return 'good';
  if (state === 'frozen' || state === 'misaddressed' || state === 'received') return 'bad';
  return state === 'restored' ? 'plain' : 'warn';
}
