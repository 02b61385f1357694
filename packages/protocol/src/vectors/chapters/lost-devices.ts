import { toHex } from '../../bytes.ts';
import { LIMITS } from '../../limits.ts';
import { lostReport, refund } from '../../lost-device.ts';
import { alice, issuerA, type Party } from '../cast.ts';
import type { Check, VectorFile } from '../file.ts';
import { lostReportSample, messageOf, paymentSample, refundSample } from '../samples.ts';
import { invalid, valid } from '../vector.ts';
import { partsOf, resigned, type Spoilable, spoiledFields } from './payload.ts';

const under = (by: Party): Check => ({ under: 'certificate', certificate: toHex(by.wire) });
const tooMany = Array.from({ length: LIMITS.openPayments + 1 }, () => paymentSample.id);

const report: Spoilable = {
  of: 'lost-report',
  clause: 'TS-LOS-1',
  record: lostReportSample.record,
  signer: issuerA.signer,
  fields: [
    'purse',
    'statement',
    'time',
    'syncedAt',
    'offlineSeconds',
    'expires',
    'acceptSeconds',
    'claimSeconds',
  ],
};
const refunded: Spoilable = {
  of: 'refund',
  clause: 'TS-LOS-4',
  record: refundSample.record,
  signer: issuerA.signer,
  fields: ['purse', 'number', 'report', 'statement', 'payments', 'currency', 'amount', 'time'],
};
/** Place of the amount in a refund's payload. */
const AMOUNT = 7;

export const lostDevices: VectorFile = {
  chapter: '23-lost-devices',
  about: 'Reports of lost purses, and refunds.',
  vectors: [
    valid('a report', 'TS-LOS-1', 'lost-report', lostReportSample.wire, { check: under(issuerA) }),
    valid(
      'a report of a purse that never made a statement',
      'TS-LOS-1',
      'lost-report',
      messageOf(lostReport, { ...lostReportSample.fields, statement: null }, issuerA).wire,
      { check: under(issuerA) },
    ),
    valid('a refund', 'TS-LOS-4', 'refund', refundSample.wire, { check: under(issuerA) }),
    ...[report, refunded].flatMap(spoiledFields),
    invalid(
      'a refund of nothing',
      'TS-LOS-4',
      'refund',
      resigned(refunded, partsOf(refunded).with(AMOUNT, 0)),
      'BAD_AMOUNT',
    ),
    invalid(
      'a refund that takes back too many payments',
      'TS-LOS-4',
      'refund',
      messageOf(refund, { ...refundSample.fields, payments: tooMany }, issuerA).wire,
      'BAD_FIELD',
    ),
    invalid(
      'a refund that a purse decides for itself',
      'TS-CRT-6',
      'refund',
      messageOf(refund, refundSample.fields, alice).wire,
      'WRONG_ROLE',
      { check: under(alice) },
    ),
    invalid(
      'a report in place of a refund',
      'TS-ENC-5',
      'refund',
      lostReportSample.wire,
      'WRONG_KIND',
    ),
  ],
};
