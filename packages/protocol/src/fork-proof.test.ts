import { p256 } from '@noble/curves/nist.js';
import { describe, expect, test } from 'vitest';
import { runChecking } from './algorithm.ts';
import { toHex } from './bytes.ts';
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts';
import {
  type AnswerProof,
  checkProof,
  decodeProof,
  encodeProof,
  type Exhibit,
  type ForkProof,
  type LogProof,
  type PositionProof,
} from './fork-proof.ts';
import { encodeSigned, toBeSigned } from './cose.ts';
import { LIMITS } from './limits.ts';
import { nextHead } from './log.ts';
import { payment } from './payment.ts';
import { adopt, receipt, type Statement, statement, voidRecord } from './records.ts';
import { softwareVerify } from './software.ts';
import { codeOf, messageOf as textOf } from './testing/outcome.ts';
import {
  adoptRecordProof,
  answerProof,
  hiddenPayment,
  loggedPayment,
  loggedStatement,
  logProof,
  otherAdopt,
  positionProof,
  proofs,
} from './vectors/carriers.ts';
import { alice, anchor, bankA, bankB, bob, issuerA, NOW, party, trust } from './vectors/cast.ts';
import {
  adoptSample,
  filler,
  messageOf,
  paymentOf,
  paymentSample,
  receiptSample,
  requestSample,
  type Sample,
  voidSample,
} from './vectors/samples.ts';

function check(proof: ForkProof, store = trust): string {
  return codeOf(() => runChecking(checkProof(encodeProof(proof), store), softwareVerify));
}
function detail(proof: ForkProof): string {
  return textOf(() => runChecking(checkProof(encodeProof(proof), trust), softwareVerify));
}
function exhibit(sample: Sample<unknown>): Exhibit {
  return { external: sample.record.external, record: sample.wire };
}
/** The record with its signature's last bit changed. */
function misSigned(wire: Uint8Array): Uint8Array {
  return wire.with(wire.length - 1, (wire.at(-1) ?? 0) ^ 1);
}

describe('proofs that hold (TS-FRK-1)', () => {
  test.each(proofs.map((proof) => [proof.kind, proof] as const))('kind %d', (_kind, proof) => {
    const culprit = runChecking(checkProof(encodeProof(proof), trust), softwareVerify);
    expect(toHex(culprit.ref)).toBe(toHex((proof.kind === 3 ? bob : alice).certificate.ref));
    expect(decodeProof(encodeProof(proof))).toEqual(proof);
  });

  test('two records of different kinds at one position', () => {
    const sameSeq = paymentOf({ seq: 1 });
    expect(check({ ...positionProof, first: exhibit(adoptSample), second: exhibit(sameSeq) })).toBe(
      'OK',
    );
    expect(check(adoptRecordProof)).toBe('OK');
  });

  test('two payments alike but for the request they answer', () => {
    const other = messageOf(payment, paymentSample.fields, alice, filler(32, 77));
    expect(check({ ...positionProof, second: exhibit(other) })).toBe('OK');
  });

  test('a record whose head was never that of the log', () => {
    const misplaced = paymentOf({ seq: 2, head: filler(32, 50) });
    expect(check({ ...logProof, record: exhibit(misplaced) })).toBe('OK');
  });

  test('a record that the log has, though it states another head than the log had', () => {
    const misplaced = paymentOf({ seq: 2, head: filler(32, 50) });
    const [step] = logProof.steps;
    const head = nextHead(logProof.start, step!.salt, misplaced.id);
    const stated = messageOf(statement, { ...loggedStatement.fields, head }, alice);
    const steps = [{ salt: step!.salt, id: misplaced.id }];
    const proof = { ...logProof, record: exhibit(misplaced), statement: stated.wire, steps };
    expect(check(proof)).toBe('OK');
  });

  test('every signature in a proof is verified: none is taken on trust (TS-FRK-3)', () => {
    const asked = (proof: ForkProof): number => {
      let count = 0;
      runChecking(checkProof(encodeProof(proof), trust), (each) => {
        count += 1;
        return softwareVerify(each);
      });
      return count;
    };
    expect(proofs.map(asked)).toEqual([3, 3, 3]);
  });

  test('an expired certificate still names its culprit', () => {
    const late = party('alice', bankA, { expires: 1, profile: { statusIndex: 70_001 } });
    const receipts = messageOf(receipt, receiptSample.fields, late);
    const voids = messageOf(voidRecord, voidSample.fields, late);
    const proof: AnswerProof = {
      kind: 3,
      certificate: late.wire,
      receipt: receipts.wire,
      void: voids.wire,
    };
    expect(check(proof)).toBe('OK');
  });
});

describe('proofs of two records at one position that fail (TS-FRK-2)', () => {
  const second = positionProof.second;

  test('the same record twice', () => {
    expect(check({ ...positionProof, second: positionProof.first })).toBe('PROOF_FAILS');
    expect(detail({ ...positionProof, second: positionProof.first })).toContain('the same');
  });

  test('the same content signed twice: randomised signing is no fork (TS-SIG-2)', () => {
    const { record } = paymentSample;
    const again = p256.sign(toBeSigned(record), alice.signer.secret, {
      lowS: true,
      prehash: true,
      extraEntropy: filler(32, 78),
    });
    const wire = encodeSigned({ ...record, signature: again });
    expect(toHex(wire)).not.toBe(toHex(paymentSample.wire));
    const twice = { ...positionProof, second: { external: record.external, record: wire } };
    expect(check(twice)).toBe('PROOF_FAILS');
    expect(detail(twice)).toContain('the same');
  });

  test('records at different positions', () => {
    const next = paymentOf({ seq: 8 });
    expect(check({ ...positionProof, second: exhibit(next) })).toBe('PROOF_FAILS');
    expect(detail({ ...positionProof, second: exhibit(next) })).toContain('positions differ');
  });

  test('a record of somebody else', () => {
    const foreign = messageOf(receipt, { ...receiptSample.fields, seq: 7 }, bob);
    expect(check({ ...positionProof, second: exhibit(foreign) })).toBe('UNKNOWN_CERTIFICATE');
    expect(check({ ...positionProof, certificate: bob.wire })).toBe('UNKNOWN_CERTIFICATE');
  });

  test('a record that names the culprit but is signed by somebody else', () => {
    const framed = messageOf(
      receipt,
      { ...receiptSample.fields, seq: 7 },
      { ...bob, certificate: alice.certificate },
    );
    expect(check({ ...positionProof, second: exhibit(framed) })).toBe('BAD_SIGNATURE');
  });

  test.each(['first', 'second'] as const)('a broken signature on the %s record', (which) => {
    const broken = { ...positionProof[which], record: misSigned(positionProof[which].record) };
    expect(check({ ...positionProof, [which]: broken })).toBe('BAD_SIGNATURE');
  });

  test('external data that was not signed', () => {
    const changed = { ...second, external: new Uint8Array(32) };
    expect(check({ ...positionProof, second: changed })).toBe('BAD_SIGNATURE');
  });

  test('a request, which has no position', () => {
    const asked = { external: new Uint8Array(0), record: requestSample.wire };
    expect(check({ ...positionProof, certificate: bob.wire, first: asked })).toBe('WRONG_KIND');
  });

  test('a certificate that nobody issued', () => {
    const store = {
      anchor,
      authorities: new Map([[toHex(bankB.certificate.ref), bankB.certificate]]),
    };
    expect(check(positionProof, store)).toBe('UNKNOWN_ISSUER');
    const forged = party(
      'alice',
      { ...bankA, signer: bob.signer },
      { profile: { statusIndex: 70_001 } },
    );
    expect(check({ ...positionProof, certificate: forged.wire })).toBe('BAD_SIGNATURE');
  });

  test('an issuing key, which numbers its records per purse (TS-FRK-5)', () => {
    const loads = [alice, bob].map(({ certificate }) =>
      paymentOf({ seq: 1, payee: certificate.ref }, issuerA),
    );
    const [first, other] = loads.map(exhibit);
    const proof: PositionProof = {
      kind: 1,
      certificate: issuerA.wire,
      first: first!,
      second: other!,
    };
    expect(check(proof)).toBe('WRONG_ROLE');
    // The role stands before the signature, and a stored authority before the role (TS-ERR-1).
    const forged = party('issuer-a', { ...bankA, signer: bob.signer }, { profile: { tier: 0 } });
    const byForged = { ...issuerA, certificate: forged.certificate };
    const shown = [alice, bob].map(({ certificate }) =>
      exhibit(paymentOf({ seq: 1, payee: certificate.ref }, byForged)),
    );
    const claimed = { ...proof, certificate: forged.wire, first: shown[0]!, second: shown[1]! };
    expect(check(claimed)).toBe('WRONG_ROLE');
    expect(check(claimed, { anchor, authorities: new Map() })).toBe('UNKNOWN_ISSUER');
  });
});

describe('proofs against a signed log that fail (TS-FRK-2)', () => {
  const [step] = logProof.steps;
  const statementAt = (change: Partial<Statement>): Uint8Array =>
    messageOf(statement, { ...loggedStatement.fields, ...change }, alice).wire;

  test('a record that the log has', () => {
    const honest: LogProof = { ...logProof, record: exhibit(loggedPayment) };
    expect(check(honest)).toBe('PROOF_FAILS');
    expect(detail(honest)).toContain('the log has the record');
  });

  test.each<[string, Partial<LogProof>]>([
    ['no steps', { steps: [] }],
    ['a step too many', { steps: [step!, step!] }],
    ['another salt', { steps: [{ ...step!, salt: new Uint8Array(16) }] }],
    ['another entry', { steps: [{ ...step!, id: hiddenPayment.id }] }],
    ['another start', { start: new Uint8Array(32) }],
  ])('%s', (_name, change) => {
    expect(check({ ...logProof, ...change })).toBe('PROOF_FAILS');
  });

  test('a chain shifted by one position', () => {
    const shifted = { ...logProof, statement: statementAt({ seq: 4 }) };
    expect(check(shifted)).toBe('PROOF_FAILS');
    expect(detail(shifted)).toContain('do not lead from the record to the statement');
  });

  test('a statement at or before the record', () => {
    expect(check({ ...logProof, statement: statementAt({ seq: 2 }), steps: [] })).toBe(
      'PROOF_FAILS',
    );
    expect(check({ ...logProof, statement: statementAt({ seq: 1 }) })).toBe('PROOF_FAILS');
  });

  test('a statement with another head', () => {
    const elsewhere = { ...logProof, statement: statementAt({ head: filler(32, 60) }) };
    expect(check(elsewhere)).toBe('PROOF_FAILS');
    expect(detail(elsewhere)).toContain('signed head');
  });

  test('a record in place of the statement', () => {
    const next = messageOf(adopt, { ...otherAdopt.fields, seq: 3 }, alice);
    expect(check({ ...logProof, statement: next.wire })).toBe('PROOF_FAILS');
  });

  test('a statement of somebody else', () => {
    const other = messageOf(statement, loggedStatement.fields, bob);
    expect(check({ ...logProof, statement: other.wire })).toBe('UNKNOWN_CERTIFICATE');
  });

  test('a broken signature on record or statement', () => {
    const record = { ...logProof.record, record: misSigned(logProof.record.record) };
    expect(check({ ...logProof, record })).toBe('BAD_SIGNATURE');
    expect(check({ ...logProof, statement: misSigned(logProof.statement) })).toBe('BAD_SIGNATURE');
  });

  test('an invented chain cannot be made to end in the signed head', () => {
    // Whoever invents steps needs a preimage: any chain over other content ends elsewhere.
    const invented = nextHead(logProof.start, step!.salt, hiddenPayment.id);
    expect(toHex(invented)).not.toBe(toHex(loggedStatement.fields.head));
  });
});

describe('proofs of a receipt and a void that fail (TS-FRK-2)', () => {
  const proof = answerProof as AnswerProof;

  test.each<[string, Partial<AnswerProof>, string]>([
    ['two receipts', { void: receiptSample.wire }, 'PROOF_FAILS'],
    ['two voids', { receipt: voidSample.wire }, 'PROOF_FAILS'],
    ['swapped', { receipt: voidSample.wire, void: receiptSample.wire }, 'PROOF_FAILS'],
    [
      'answers to different payments',
      {
        void: messageOf(voidRecord, { ...voidSample.fields, paymentId: filler(32, 70) }, bob).wire,
      },
      'PROOF_FAILS',
    ],
    [
      'a void of another payee',
      { void: messageOf(voidRecord, voidSample.fields, alice).wire },
      'UNKNOWN_CERTIFICATE',
    ],
    ['a broken receipt', { receipt: misSigned(receiptSample.wire) }, 'BAD_SIGNATURE'],
    ['a broken void', { void: misSigned(voidSample.wire) }, 'BAD_SIGNATURE'],
    ['another certificate', { certificate: alice.wire }, 'UNKNOWN_CERTIFICATE'],
  ])('%s', (_name, change, code) => {
    expect(check({ ...proof, ...change })).toBe(code);
  });

  test('one payment accepted by one purse and voided by another is no fork', () => {
    const elsewhere = party('bob', bankA);
    const other = messageOf(voidRecord, voidSample.fields, elsewhere);
    expect(check({ ...proof, void: other.wire })).toBe('UNKNOWN_CERTIFICATE');
  });
});

describe('the form of a proof (TS-FRK-4)', () => {
  const parts = decodeCbor(encodeProof(positionProof)) as Cbor[];

  test.each<[string, Cbor, string]>([
    ['of no kind', [], 'WRONG_KIND'],
    ['of an unknown kind', parts.with(0, 4), 'WRONG_KIND'],
    ['of another kind', parts.with(0, 3), 'BAD_FIELD'],
    ['without its second record', parts.slice(0, 3), 'MISSING_FIELD'],
    ['with one part more', [...parts, 0], 'BAD_FIELD'],
    ['with a record of nothing', parts.with(2, [new Uint8Array(0)]), 'MISSING_FIELD'],
  ])('%s is refused', (_name, item, code) => {
    expect(codeOf(() => decodeProof(encodeCbor(item)))).toBe(code);
  });

  test('has bounds', () => {
    const step = logProof.steps[0]!;
    const long = { ...logProof, steps: Array.from({ length: LIMITS.proofSteps + 1 }, () => step) };
    expect(codeOf(() => decodeProof(encodeProof(long)))).toBe('BAD_FIELD');
    const largest = { ...long, steps: long.steps.slice(1) };
    expect(codeOf(() => decodeProof(encodeProof(largest)))).toBe('OK');
    expect(codeOf(() => decodeProof(new Uint8Array(262_145)))).toBe('OVERSIZED');
  });

  test('is small: what two phones exchange fits one code each', () => {
    expect(proofs.map((proof) => encodeProof(proof).length)).toEqual([522, 559, 469]);
  });
});

test('the certificate is judged at no time: a proof does not expire (TS-FRK-3)', () => {
  expect(alice.certificate.expires).toBeGreaterThan(NOW);
  expect(check(positionProof)).toBe('OK');
});
