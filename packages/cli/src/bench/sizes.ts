import { type Bytes, encodeFrame } from '@tallystick/protocol';
import { HostedPurse } from './compute/hosted-purse.ts';
import type { Group } from './group.ts';
import type { Office } from './office.ts';
import { type Row, row } from './row.ts';

/** The design's bounds, in bytes: a payment with its certificate, and to a payee that holds it. */
const WITH_CERTIFICATE_BYTES = 300;
const WITHOUT_CERTIFICATE_BYTES = 160;
/** What a mid-range camera reads in one frame. */
const ONE_CODE_BYTES = 300;

/** Bytes of each message of one payment, and of a sync. Made by real purses, under real certificates. */
export const SIZE: Group = {
  name: 'size',
  rows: [
    'request',
    'certificate',
    'payment',
    'receipt',
    'void',
    'statement',
    'offer-frame',
    'payment-frame',
    'payment-frame-known',
    'receipt-frame',
    'answer',
  ],
  measure: async (lab) => {
    const office = await lab.office();
    lab.begin('messages');
    return measureSizes(office);
  },
};

async function measureSizes(office: Office): Promise<Row[]> {
  const payer = await HostedPurse.open(office, 'native', 5_000n);
  const payee = await HostedPurse.open(office, 'native', 1_000n);
  const request = await payee.request(1_250n);
  const payment = await payer.pay(request, payee.certificate);
  const receipt = await payee.receive(payment, payer.certificate, request);
  // A purse that promises never to accept: the second payment is voided before it is received.
  const other = await payee.request(250n);
  const voided = await payee.run(
    {
      kind: 7,
      payment: await payer.pay(other, payee.certificate),
      certificate: payer.certificate,
      request: other,
    },
    6,
  );
  if (voided.message === null) throw new Error('a void was wanted');
  const { statement, answer } = await payer.sync();
  const { certificate } = payer;
  const offer = encodeFrame({
    kind: 1,
    request,
    certificate: payee.certificate,
    listVersion: 1,
  });
  const rows = [
    size('request', request, null),
    size('certificate', certificate, null),
    size('payment', payment, null),
    size('receipt', receipt, null),
    size('void', voided.message, null),
    size('statement', statement, null),
    size('offer-frame', offer, ONE_CODE_BYTES),
    size('payment-frame', encodeFrame({ kind: 2, payment, certificate }), WITH_CERTIFICATE_BYTES),
    size(
      'payment-frame-known',
      encodeFrame({ kind: 2, payment, certificate: null }),
      WITHOUT_CERTIFICATE_BYTES,
    ),
    size('receipt-frame', encodeFrame({ kind: 3, receipt }), ONE_CODE_BYTES),
    size('answer', answer, null),
  ];
  await payer.close();
  await payee.close();
  return rows;
}

function size(name: string, message: Bytes, limit: number | null): Row {
  return row(`size/${name}`, message.length, 'B', limit);
}
