import {
  decodePurseCertificate,
  encodeFrame,
  encodeProof,
  equal,
  GENESIS,
  nextHead,
  receipt as receiptCodec,
  sha256,
  statement as statementCodec,
  voidRecord,
} from '@tallystick/protocol';
import { START, type TestPurse } from '@tallystick/trusted-app/testing';
import type { Answer, Rig } from '../rig/rig.ts';
import { counterpart, payFrame, payFrom } from '../rig/counterpart.ts';
import { expectFrame, expectRefused, unmoved } from '../rig/expect.ts';
import { offered } from '../rig/offered.ts';
import { payerWith, receive } from '../rig/received.ts';
import { expectThat } from '../rig/violation.ts';
import { type Case, type Row, topic } from '../case.ts';

const nowhere = new Uint8Array(32);

/** Tells a proof, and then has its subject pay: how that is answered. */
async function toldOf(rig: Rig, culprit: TestPurse, proof: Uint8Array): Promise<Answer> {
  await offered(rig, 1_000n);
  await rig.deliver(encodeFrame({ kind: 7, proof }));
  const offer = await offered(rig, 1_000n);
  return rig.deliver(payFrame(payFrom(culprit, offer), culprit.certificate));
}

/** A proof that convicts: its culprit is refused from then on, through a loss of power. */
function convicting(
  name: string,
  title: string,
  clause: string,
  make: (culprit: TestPurse) => Uint8Array,
): Row {
  return [
    name,
    title,
    [clause, 'TS-FRK-1', 'TS-FRK-3', 'TS-FRK-4', 'TS-LST-4'],
    async (rig) => {
      await rig.start();
      const culprit = payerWith(rig, 2_000n, 'culprit');
      await unmoved(rig, async () => {
        expectRefused(await toldOf(rig, culprit, make(culprit)), 'REVOKED');
      });
      await rig.iut.restart();
      await rig.clock(START);
      const offer = await offered(rig, 1_000n);
      const paid = payFrom(culprit, offer);
      const later = await rig.deliver(payFrame(paid, culprit.certificate));
      expectRefused(later, 'REVOKED');
      await receive(rig, 500n, payerWith(rig, 500n, 'somebody else'));
    },
  ];
}

/** What looks like a proof and shows nothing: whoever it names may still pay. */
function acquitting(
  name: string,
  title: string,
  clauses: readonly string[],
  make: (payer: TestPurse, rig: Rig) => Uint8Array,
): Row {
  return [
    name,
    title,
    clauses,
    async (rig) => {
      await rig.start();
      const payer = payerWith(rig, 1_000n, 'payer');
      expectFrame(await toldOf(rig, payer, make(payer, rig)), 3);
      await rig.expectBalance(1_000n, 'after an honest payment');
    },
  ];
}

function receiptOf(by: TestPurse, seq: number, paymentId: Uint8Array): Uint8Array {
  const fields = { seq, head: nowhere, paymentId, listVersion: 1 };
  return by.forge(by.certificate, receiptCodec.encode(fields));
}

function voidOf(by: TestPurse, seq: number, paymentId: Uint8Array): Uint8Array {
  return by.forge(by.certificate, voidRecord.encode({ seq, head: nowhere, paymentId }));
}

function positions(by: TestPurse, first: Uint8Array, second: Uint8Array): Uint8Array {
  const external = new Uint8Array(0);
  return encodeProof({
    kind: 1,
    certificate: by.certificate,
    first: { external, record: first },
    second: { external, record: second },
  });
}

/** A record at position 1 that a later statement of the same purse has in another form. */
function logProof(by: TestPurse): Uint8Array {
  const record = receiptOf(by, 1, sha256(Uint8Array.of(1)));
  const step = { salt: new Uint8Array(16).fill(2), id: sha256(Uint8Array.of(2)) };
  const content = {
    seq: 2,
    head: nextHead(GENESIS, step.salt, step.id),
    floor: START,
    balance: 0n,
    policyVersion: 1,
    listVersion: 1,
    epoch: 0,
    condition: 0,
  } as const;
  return encodeProof({
    kind: 2,
    certificate: by.certificate,
    record: { external: new Uint8Array(0), record },
    statement: by.forge(by.certificate, statementCodec.encode(content)),
    start: GENESIS,
    steps: [step],
  });
}

const proofs: readonly Row[] = [
  convicting('proof-of-position', 'two records at one position convict', 'TS-FRK-1a', (culprit) =>
    positions(culprit, receiptOf(culprit, 9, nowhere), voidOf(culprit, 9, sha256(nowhere))),
  ),
  convicting(
    'proof-of-log',
    'a record that a later statement lacks convicts',
    'TS-FRK-1b',
    logProof,
  ),
  convicting(
    'proof-of-answers',
    'a receipt and a void of one payment convict',
    'TS-FRK-1c',
    (culprit) =>
      encodeProof({
        kind: 3,
        certificate: culprit.certificate,
        receipt: receiptOf(culprit, 4, nowhere),
        void: voidOf(culprit, 7, nowhere),
      }),
  ),
  acquitting(
    'proof-of-one-record',
    'one record twice, or at two positions, is no fork',
    ['TS-FRK-2', 'TS-SIG-2'],
    (payer) => {
      const record = receiptOf(payer, 9, nowhere);
      return positions(payer, record, record);
    },
  ),
  acquitting(
    'proof-of-two-positions',
    'two records at two positions are no fork',
    ['TS-FRK-2'],
    (payer) => positions(payer, receiptOf(payer, 9, nowhere), voidOf(payer, 10, sha256(nowhere))),
  ),
  acquitting(
    'proof-under-another',
    'records of somebody else do not convict the certificate they come with',
    ['TS-FRK-3'],
    (payer, rig) => {
      const liar = counterpart(rig, 'liar');
      const [first, second] = [receiptOf(liar, 9, nowhere), voidOf(liar, 9, sha256(nowhere))];
      return positions(payer, first, second);
    },
  ),
  [
    'proof-against-issuer',
    'equal positions of an issuing key prove nothing: loads go on',
    ['TS-FRK-5'],
    async (rig) => {
      await rig.start();
      const { issuer } = rig.issuer.own;
      const records = [nowhere, sha256(nowhere)].map((paymentId) =>
        issuer.sign(voidRecord.encode({ seq: 1, head: nowhere, paymentId })),
      );
      const [first = nowhere, second = nowhere] = records;
      const external = new Uint8Array(0);
      const proof = encodeProof({
        kind: 1,
        certificate: issuer.certificate,
        first: { external, record: first },
        second: { external, record: second },
      });
      await offered(rig, 1_000n);
      await rig.deliver(encodeFrame({ kind: 7, proof }));
      await rig.load(400n);
      await rig.expectBalance(400n, 'after the load');
    },
  ],
];

const lists: readonly Row[] = [
  [
    'told-list',
    'a newer list from another device is taken, and what it revokes is refused',
    ['TS-LST-3', 'TS-LST-4', 'TS-SES-2'],
    async (rig) => {
      await rig.start();
      const payer = payerWith(rig, 1_000n);
      const { statusIndex } = decodePurseCertificate(payer.certificate).profile;
      const list = rig.issuer.nextList({ revoked: [statusIndex] });
      const { certificate } = rig.issuer.scheme.operator;
      await offered(rig, 1_000n);
      await rig.deliver(encodeFrame({ kind: 6, list, certificate }));
      const offer = await offered(rig, 1_000n);
      const frame = payFrame(payFrom(payer, offer), payer.certificate);
      expectRefused(await rig.deliver(frame), 'REVOKED');
    },
  ],
  [
    'told-forged-list',
    'a list that somebody made up is passed over, and touches no payment',
    ['TS-LST-1', 'TS-SES-2'],
    async (rig) => {
      await rig.start();
      const payer = payerWith(rig, 1_000n);
      const { statusIndex } = decodePurseCertificate(payer.certificate).profile;
      const list = rig.issuer.list({ version: 7, revoked: [statusIndex] });
      const { certificate } = rig.issuer.own.issuer;
      const offer = await offered(rig, 1_000n);
      await rig.deliver(encodeFrame({ kind: 6, list, certificate }));
      const paid = payFrom(payer, offer);
      expectFrame(await rig.deliver(payFrame(paid, payer.certificate)), 3);
      await rig.expectBalance(1_000n, 'after the payment');
    },
  ],
  [
    'tells-list',
    'a device that says its list is older is handed the newer one, as it came',
    ['TS-SES-2', 'TS-LST-2', 'TS-LST-3'],
    async (rig) => {
      await rig.start();
      const list = rig.issuer.nextList({ revoked: [77] });
      const { certificate } = rig.issuer.scheme.operator;
      await offered(rig, 1_000n);
      await rig.deliver(encodeFrame({ kind: 6, list, certificate }));
      await offered(rig, 1_000n);
      const older = encodeFrame({ kind: 8, code: 'STALE', listVersion: 1 });
      const told = expectFrame(await rig.deliver(older), 6);
      expectThat(equal(told.list, list), 'the list as it was signed', 'another', told.list);
      const isOperator = equal(told.certificate, certificate);
      expectThat(isOperator, 'the certificate of its signer', 'another', told.certificate);
    },
  ],
];

export const contactCases: readonly Case[] = topic('contact', ['payee'], [...lists, ...proofs]);
