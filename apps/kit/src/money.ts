import { type Currency, currencyRow } from '@tallystick/protocol';

/**
 * An amount for people, as their language writes it. Exact: it never becomes a floating-point number.
 *
 * @param signDisplay `exceptZero` has what comes in say so, too
 */
export function formatMoney(
  minorUnits: bigint,
  currency: Currency,
  language: string,
  signDisplay: 'auto' | 'exceptZero' = 'auto',
): string {
  const { alpha } = currencyRow(currency);
  const format = new Intl.NumberFormat(language, {
    style: 'currency',
    currency: alpha,
    signDisplay,
  });
  return format.format(decimal(minorUnits, currency) as Intl.StringNumericLiteral);
}

/** The same number with a point and no currency, for programs that read it. */
export function decimal(minorUnits: bigint, currency: Currency): string {
  const { exponent } = currencyRow(currency);
  const digits = (minorUnits < 0n ? -minorUnits : minorUnits)
    .toString()
    .padStart(exponent + 1, '0');
  const sign = minorUnits < 0n ? '-' : '';
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
