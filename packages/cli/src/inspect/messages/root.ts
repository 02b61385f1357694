import {
  type Measurement,
  type Policy,
  policy,
  type Tier,
  timeReset,
  type TimeReset,
  toHex,
} from '@tallystick/protocol';
import { rootChecks } from '../checks.ts';
import type { Field } from '../explained.ts';
import {
  explainFields,
  field,
  type FieldTexts,
  showCount,
  showCurrency,
  showFlag,
  showMinutes,
  showSchemeMoney,
  showSeconds,
  showTime,
} from '../fields.ts';
import { type Explainer, explainer } from '../signed.ts';
import { timeText } from './place.ts';

/** What the scheme's root signs. */

const POLICY: FieldTexts<Omit<Policy, 'tiers' | 'measurements'>> = {
  version: field(showCount, 'grows; an older policy is refused', 'TS-POL-3'),
  issuedAt: timeText('when it was signed', 'TS-POL-1'),
  currency: field(showCurrency, 'the one currency of the scheme', 'TS-POL-1'),
  hopMax: field(showCount, 'how often money may change hands offline', 'TS-LIM-7'),
  acceptMinutes: field(showMinutes, 'how long a payment stays acceptable', 'TS-PAY-8'),
  claimSeconds: field(showSeconds, 'time a payee has to bring a payment in', 'TS-SYN-8'),
  staleSeconds: field(showSeconds, 'payers that synced longer ago are refused', 'TS-TIM-5'),
  graceSeconds: field(showSeconds, 'how long before expiry a purse asks to renew', 'TS-CRT-7'),
  skewSeconds: field(showSeconds, 'furthest that signed time may lie ahead', 'TS-TIM-3'),
  emergency: field(showFlag, 'whether the scheme runs in its emergency mode', 'TS-POL-6'),
};

const TIER: FieldTexts<Tier> = {
  tier: field(showCount, 'row of the ceilings registry', 'TS-POL-2'),
  paymentMax: field(showSchemeMoney, 'most for one payment; 0 is receive-only', 'TS-LIM-3'),
  balanceMax: field(showSchemeMoney, 'most that a purse holds', 'TS-LIM-8'),
  totalMax: field(showSchemeMoney, 'most that leaves between two syncs', 'TS-LIM-4'),
  countMax: field(showCount, 'payments that leave between two syncs', 'TS-LIM-5'),
  stepUpAbove: field(showSchemeMoney, 'above this the holder is verified', 'TS-HLD-1'),
  payerCap: field(showSchemeMoney, 'most a payee takes from one payer', 'TS-LIM-9'),
  offlineSeconds: field(showSeconds, 'how long after a sync it may pay', 'TS-LIM-2'),
};

const MEASUREMENT: FieldTexts<Measurement> = {
  index: field(showCount, 'row of the measurement registry', 'TS-POL-5'),
  sha256: field(toHex, "hash of the trusted application's image", 'TS-POL-5'),
  acceptedUntil: field(showTime, 'payees accept it until then', 'TS-POL-5'),
};

const TIME_RESET: FieldTexts<TimeReset> = {
  version: field(showCount, 'grows; an older reset is refused', 'TS-TIM-4'),
  floor: timeText('what every floor is set back to', 'TS-TIM-4'),
};

export const explainPolicy: Explainer = explainer<Policy>({
  kind: 'policy',
  says: "the scheme's risk rules",
  clause: 'TS-POL-1',
  codec: policy,
  fields: policyFields,
  checks: ({ signed, material }) => rootChecks(signed, material),
});

/** Ceilings are in the policy's own currency, whatever is stored. */
function policyFields(message: Policy): Field[] {
  const { tiers, measurements, ...rest } = message;
  const { currency } = message;
  return [
    ...explainFields(POLICY, rest, currency),
    ...tiers.flatMap((row, at) => explainFields(TIER, row, currency, `tiers[${at}].`)),
    ...measurements.flatMap((row, at) =>
      explainFields(MEASUREMENT, row, currency, `measurements[${at}].`),
    ),
  ];
}

export const explainTimeReset: Explainer = explainer<TimeReset>({
  kind: 'time reset',
  says: 'the root sets every floor back',
  clause: 'TS-TIM-4',
  codec: timeReset,
  fields: (message, currency) => explainFields(TIME_RESET, message, currency),
  checks: ({ signed, material }) => rootChecks(signed, material),
});
