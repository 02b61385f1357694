import { decimal } from '@tallystick/kit/money';
import { type Currency, currencyRow } from '@tallystick/protocol';
import type { Rules, TierRules } from './shapes.ts';

const DAY_SECONDS = 86_400;

/** Rules of a tier, in the order in which they are read. */
export const TIER_FIELDS = [
  'paymentMax',
  'balanceMax',
  'totalMax',
  'countMax',
  'stepUpAbove',
  'payerCap',
  'offlineSeconds',
] as const;
export type TierField = (typeof TIER_FIELDS)[number];

const MONEY: ReadonlySet<string> = new Set([
  'paymentMax',
  'balanceMax',
  'totalMax',
  'stepUpAbove',
  'payerCap',
]);

/** Whether a rule is an amount, a time that people count in days, or a plain number. */
export function kindOf(field: string): 'money' | 'days' | 'number' {
  if (MONEY.has(field)) return 'money';
  return field.endsWith('Seconds') && field !== 'skewSeconds' ? 'days' : 'number';
}

/** Days with as many decimals as they need. */
export function daysOf(seconds: number): string {
  return String(Math.round((seconds / DAY_SECONDS) * 1e6) / 1e6);
}

/** What is typed into a form: amounts with a point, windows in days. */
export interface Draft {
  readonly hopMax: string;
  readonly staleSeconds: string;
  readonly tiers: readonly Readonly<Record<TierField, string>>[];
}

export function draftOf({ hopMax, staleSeconds, tiers }: Rules, currency: Currency): Draft {
  return {
    hopMax: String(hopMax),
    staleSeconds: daysOf(staleSeconds),
    tiers: tiers.map((row) => {
      const written = (field: TierField): string => writtenOf(field, row[field], currency);
      return Object.fromEntries(TIER_FIELDS.map((field) => [field, written(field)])) as Record<
        TierField,
        string
      >;
    }),
  };
}

function writtenOf(field: TierField, value: string | number, currency: Currency): string {
  switch (kindOf(field)) {
    case 'money':
      return decimal(BigInt(value), currency);
    case 'days':
      return daysOf(Number(value));
    case 'number':
      return String(value);
  }
}

/** The rules that were typed; the names of the fields that are no numbers, where there are some. */
export function readDraft(
  draft: Draft,
  tiers: readonly TierRules[],
  currency: Currency,
): { readonly rules: Rules; readonly bad: ReadonlySet<string> } {
  const bad = new Set<string>();
  const whole = (name: string, text: string): number => {
    const value = /^\d{1,10}$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (Number.isNaN(value)) bad.add(name);
    return value;
  };
  const days = (name: string, text: string): number => {
    const value = /^\d{1,5}(?:\.\d{1,6})?$/.test(text.trim())
      ? Math.round(Number(text) * DAY_SECONDS)
      : Number.NaN;
    if (Number.isNaN(value)) bad.add(name);
    return value;
  };
  const money = (name: string, text: string): string => {
    const read = minorUnits(text.trim(), currency);
    if (read === null) bad.add(name);
    return read ?? '';
  };
  const rules: Rules = {
    hopMax: whole('hopMax', draft.hopMax),
    staleSeconds: days('staleSeconds', draft.staleSeconds),
    tiers: tiers.map(({ tier }, at) => {
      const text = (field: TierField): string => draft.tiers[at]?.[field] ?? '';
      const name = (field: TierField): string => nameOf(tier, field);
      return {
        tier,
        paymentMax: money(name('paymentMax'), text('paymentMax')),
        balanceMax: money(name('balanceMax'), text('balanceMax')),
        totalMax: money(name('totalMax'), text('totalMax')),
        countMax: whole(name('countMax'), text('countMax')),
        stepUpAbove: money(name('stepUpAbove'), text('stepUpAbove')),
        payerCap: money(name('payerCap'), text('payerCap')),
        offlineSeconds: days(name('offlineSeconds'), text('offlineSeconds')),
      };
    }),
  };
  return { rules, bad };
}

/** Minor units of an amount as it is typed; nothing at all is an amount, too: then a purse only receives. */
function minorUnits(text: string, currency: Currency): string | null {
  const { exponent } = currencyRow(currency);
  const [, whole = '', fraction = ''] = /^(\d{1,16})(?:\.(\d{1,3}))?$/.exec(text) ?? [];
  if (whole === '' || fraction.length > exponent) return null;
  return BigInt(whole + fraction.padEnd(exponent, '0')).toString();
}

/** What a field of a tier is called among all. */
export function nameOf(tier: number, field: TierField): string {
  return `${tier} ${field}`;
}
