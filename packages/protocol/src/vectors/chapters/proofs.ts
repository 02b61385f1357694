import type { Bytes } from '../../bytes.ts';
import { type Cbor, decodeCbor, encodeCbor } from '../../cbor.ts';
import type { ErrorCode } from '../../errors.ts';
import { encodeProof, type Exhibit, type ForkProof } from '../../fork-proof.ts';
import { encodeCertificate } from '../../certificate.ts';
import { receipt, statement, voidRecord } from '../../records.ts';
import {
  adoptRecordProof,
  answerProof,
  loggedPayment,
  loggedStatement,
  logProof,
  positionProof,
} from '../carriers.ts';
import { alice, bankB, bob, issuerA, NOW } from '../cast.ts';
import type { Vector, VectorFile } from '../file.ts';
import {
  filler,
  messageOf,
  paymentOf,
  receiptSample,
  requestSample,
  type Sample,
  voidSample,
} from '../samples.ts';
import { invalid, valid } from '../vector.ts';
import { underAuthorities } from './certificates.ts';

const check = underAuthorities();

function exhibit(sample: Sample<unknown>): Exhibit {
  return { external: sample.record.external, record: sample.wire };
}
function misSigned(wire: Bytes): Bytes {
  return wire.with(wire.length - 1, (wire.at(-1) ?? 0) ^ 1);
}
function holds(name: string, clause: string, proof: ForkProof): Vector {
  return valid(name, clause, 'proof', encodeProof(proof), { check });
}
function fails(
  name: string,
  proof: ForkProof,
  code: ErrorCode = 'PROOF_FAILS',
  clause = 'TS-FRK-2',
): Vector {
  return invalid(name, clause, 'proof', encodeProof(proof), code, { check });
}
function form(name: string, item: Cbor, code: ErrorCode): Vector {
  return invalid(name, 'TS-FRK-1', 'proof', encodeCbor(item), code);
}

const [step] = logProof.steps;
const steps = step === undefined ? [] : [step];
const answers = answerProof as Extract<ForkProof, { kind: 3 }>;
const framed = messageOf(
  receipt,
  { ...receiptSample.fields, seq: 7 },
  { ...bob, certificate: alice.certificate },
);
const parts = decodeCbor(encodeProof(positionProof)) as readonly Cbor[];

function loadTo(payee: Bytes): Exhibit {
  return exhibit(paymentOf({ seq: 1, payee }, issuerA));
}
function statementWith(change: Partial<typeof loggedStatement.fields>): Bytes {
  return messageOf(statement, { ...loggedStatement.fields, ...change }, alice).wire;
}

export const proofVectors: VectorFile = {
  chapter: '12-fork-proofs',
  about: 'Fork proofs of each kind, and what proves nothing.',
  vectors: [
    holds('two payments at one position', 'TS-FRK-1a', positionProof),
    holds('two adoptions at one position', 'TS-FRK-1a', adoptRecordProof),
    holds('a payment that the log does not have', 'TS-FRK-1b', logProof),
    holds('a receipt and a void of one payment', 'TS-FRK-1c', answerProof),
    fails('one payment twice', { ...positionProof, second: positionProof.first }),
    fails('payments at different positions', {
      ...positionProof,
      second: exhibit(paymentOf({ seq: 8 })),
    }),
    fails(
      'a record of another certificate',
      { ...positionProof, second: exhibit(receiptSample) },
      'UNKNOWN_CERTIFICATE',
    ),
    fails(
      'a record signed by somebody else',
      { ...positionProof, second: exhibit(framed) },
      'BAD_SIGNATURE',
    ),
    fails(
      'a record with a broken signature',
      {
        ...positionProof,
        second: { ...positionProof.second, record: misSigned(positionProof.second.record) },
      },
      'BAD_SIGNATURE',
      'TS-FRK-3',
    ),
    fails(
      'a record with other external data',
      { ...positionProof, second: { ...positionProof.second, external: filler(32, 1) } },
      'BAD_SIGNATURE',
      'TS-FRK-3',
    ),
    fails(
      'a request, which has no position',
      { ...positionProof, certificate: bob.wire, first: exhibit(requestSample) },
      'WRONG_KIND',
    ),
    fails(
      'two loads of an issuing key at one position',
      {
        kind: 1,
        certificate: issuerA.wire,
        first: loadTo(alice.certificate.ref),
        second: loadTo(bob.certificate.ref),
      },
      'WRONG_ROLE',
      'TS-FRK-5',
    ),
    {
      ...fails('a certificate of an authority that is not stored', positionProof, 'UNKNOWN_ISSUER'),
      check: underAuthorities(NOW, [encodeCertificate(bankB.certificate)]),
    },
    fails('a payment that the log has', { ...logProof, record: exhibit(loggedPayment) }),
    fails('a log without steps', { ...logProof, steps: [] }),
    fails('a log with a step too many', { ...logProof, steps: [...steps, ...steps] }),
    fails('a log with another salt', {
      ...logProof,
      steps: steps.map(({ id }) => ({ id, salt: filler(16, 1) })),
    }),
    fails('a log with another start', { ...logProof, start: filler(32, 1) }),
    fails('a statement of another position', { ...logProof, statement: statementWith({ seq: 4 }) }),
    fails('a statement of another head', {
      ...logProof,
      statement: statementWith({ head: filler(32, 1) }),
    }),
    fails(
      'a payment in place of a statement',
      { ...logProof, statement: paymentOf({ seq: 3 }).wire },
      'BAD_SIGNATURE',
    ),
    fails(
      'a statement with a broken signature',
      { ...logProof, statement: misSigned(logProof.statement) },
      'BAD_SIGNATURE',
      'TS-FRK-3',
    ),
    fails('two receipts', { ...answers, void: receiptSample.wire }),
    fails('two voids', { ...answers, receipt: voidSample.wire }),
    fails('answers to different payments', {
      ...answers,
      void: messageOf(voidRecord, { ...voidSample.fields, paymentId: filler(32, 1) }, bob).wire,
    }),
    fails(
      'a void of another purse',
      { ...answers, void: messageOf(voidRecord, voidSample.fields, alice).wire },
      'UNKNOWN_CERTIFICATE',
    ),
    fails(
      'a void with a broken signature',
      { ...answers, void: misSigned(voidSample.wire) },
      'BAD_SIGNATURE',
      'TS-FRK-3',
    ),
    form('a proof of kind 4', parts.with(0, 4), 'WRONG_KIND'),
    form('a proof of no kind', [], 'WRONG_KIND'),
    form('a proof without its second record', parts.slice(0, 3), 'MISSING_FIELD'),
    form('a proof with a part more', [...parts, 0], 'BAD_FIELD'),
    form('a record without its bytes', parts.with(2, [new Uint8Array(0)]), 'MISSING_FIELD'),
  ],
};
