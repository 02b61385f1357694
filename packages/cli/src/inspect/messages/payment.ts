import {
  acceptBy,
  type BalanceValue,
  type Currency,
  decodePayload,
  decodeSigned,
  demand,
  equal,
  ISSUER_TIER,
  type Payment,
  payment,
  type PurseCertificate,
  reject,
  request,
  requestDigest,
} from '@tallystick/protocol';
import { check, revocationCheck, signatureChecks, signerOf, unchecked } from '../checks.ts';
import type { Check, Field } from '../explained.ts';
import {
  explainFields,
  field,
  type FieldTexts,
  showCount,
  showCurrency,
  showHex,
  showMinutes,
  showMoney,
  showTime,
} from '../fields.ts';
import type { Material } from '../material.ts';
import { type Explainer, explainer, type Read } from '../signed.ts';
import { PLACE } from './place.ts';

const TEXTS: FieldTexts<Omit<Payment, 'value'>> = {
  ...PLACE,
  payee: field(showHex, 'reference of the certificate it is addressed to', 'TS-PAY-4'),
  syncedAt: field(showTime, "issuer time of the payer's last sync", 'TS-TIM-5'),
  acceptMinutes: field(showMinutes, 'how long after that it may be accepted', 'TS-PAY-7'),
};

const VALUE: FieldTexts<BalanceValue> = {
  kind: field(() => 'balance (1)', 'what kind of money moves', 'TS-PAY-2'),
  currency: field(showCurrency, 'currency of the amount, ISO 4217', 'TS-AMT-4'),
  amount: field(
    (value, { currency }) => showMoney(value, currency),
    'what leaves the payer and reaches the payee',
    'TS-AMT-2',
  ),
  hop: field(
    showCount,
    'how often this money has changed hands since it was loaded, this payment included',
    'TS-PAY-9',
  ),
};

export const explainPayment: Explainer = explainer<Payment>({
  kind: 'payment',
  says: 'a payer gives money to one payee',
  clause: 'TS-PAY-1',
  codec: payment,
  hasExternal: true,
  fields: explainPaymentFields,
  checks: paymentChecks,
});

/** The fields of a payment, and the last moment that follows from them. */
function explainPaymentFields(message: Payment, currency: Currency | null): Field[] {
  const { value, ...rest } = message;
  return [
    ...explainFields(TEXTS, rest, currency),
    ...explainFields(VALUE, value, currency, 'value.'),
    {
      name: '(acceptBy)',
      value: showTime(acceptBy(message)),
      meaning: 'last moment, in issuer time, at which a payee may accept it',
      clause: 'TS-PAY-7',
    },
  ];
}

/** What a payee's trusted application checks that hangs on no purse's own memory (INV-VERIFY). */
function paymentChecks(read: Read<Payment>): Check[] {
  const { signed, message, material } = read;
  const payer = signerOf(signed, material);
  const about = payer === null ? [] : payerChecks(message, payer, material);
  if (signed.external.length === 0) {
    const missing = 'a payment signs the request it answers: give the request with --request';
    // The chain is worth a word even where the signature cannot be verified.
    const [, ...chain] = signatureChecks(signed, material);
    return [unchecked('signature', missing), ...chain, ...about];
  }
  return [...signatureChecks(signed, material), ...requestChecks(read), ...about];
}

function payerChecks(message: Payment, payer: PurseCertificate, material: Material): Check[] {
  return [
    check('the certificate of the payer was in force when the payer last synced', () => {
      demand(message.syncedAt < payer.expires, 'CERTIFICATE_EXPIRED', showTime(payer.expires));
    }),
    revocationCheck(payer, material),
    policyCheck(message, payer, material),
  ];
}

/** Hop, acceptance window and measurement, by the stored policy (TS-LIM-7, TS-PAY-8, TS-POL-5). */
function policyCheck(message: Payment, payer: PurseCertificate, material: Material): Check {
  const policy = material.trust?.policy;
  if (policy == null) {
    return unchecked('within policy', 'the trust file holds no policy: write it anew');
  }
  return check(`within policy ${policy.version}`, () => {
    const { value, syncedAt } = message;
    const { tier: number, measurement } = payer.profile;
    demand(value.currency === policy.currency, 'WRONG_CURRENCY');
    if (number === ISSUER_TIER) {
      demand(value.hop === 0, 'BAD_FIELD', 'the hop of a load must be 0');
      return;
    }
    const row = policy.measurements.find(({ index }) => index === measurement);
    demand(row !== undefined && syncedAt <= row.acceptedUntil, 'MEASUREMENT_REFUSED');
    const tier =
      policy.tiers.find((each) => each.tier === number) ?? reject('WRONG_ROLE', `tier ${number}`);
    const latest = syncedAt + tier.offlineSeconds + policy.acceptMinutes * 60;
    demand(acceptBy(message) <= latest, 'ACCEPT_BY_TOO_FAR', showTime(latest));
    demand(value.hop <= policy.hopMax, 'OVER_HOP_LIMIT', `${value.hop} hops`);
  });
}

/** That the request at hand asked for just this (TS-PAY-4 to 6), and who signed it, where that is known. */
function requestChecks({ signed, message, material }: Read<Payment>): Check[] {
  const wire = material.request;
  if (wire === null || !equal(signed.external, requestDigest(wire))) return [];
  const answers = check('answers the request', () => {
    const asked = decodeSigned(wire);
    const wanted = decodePayload(asked.payload, request, 'request');
    demand(equal(asked.kid, message.payee), 'WRONG_PAYEE', 'another certificate made the request');
    demand(wanted.currency === message.value.currency, 'WRONG_CURRENCY');
    demand(wanted.amount === null || wanted.amount === message.value.amount, 'WRONG_AMOUNT');
    const payee = signerOf(asked, material);
    if (payee === null) return;
    const [first] = signatureChecks(asked, material);
    demand(first?.outcome === 'passed', 'BAD_SIGNATURE', 'the signature of the request');
  });
  return [answers];
}
