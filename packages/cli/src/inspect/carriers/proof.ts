import { type Bytes, checkProof, decodeProof, type ForkProof } from '@tallystick/protocol';
import { check, unchecked, verify } from '../checks.ts';
import { explainSigned } from '../explain-signed.ts';
import type { Check, Explained, Field } from '../explained.ts';
import { showHex } from '../fields.ts';
import { type Material, withCertificates } from '../material.ts';
import { explainCertificate } from '../messages/certificate.ts';

const KINDS: Readonly<Record<ForkProof['kind'], string>> = {
  1: 'two different records of one key at one position',
  2: 'a record that a later statement of the same key does not have in its log',
  3: 'a receipt and a void of one payment by one key',
};

/** A fork proof: anyone with the scheme's root can check it alone. */
export function explainProof(wire: Bytes, material: Material): Explained {
  const proof = decodeProof(wire);
  const kind: Field = {
    name: 'kind',
    value: `${KINDS[proof.kind]} (${proof.kind})`,
    meaning: 'what the holder of the key did that no sound purse does',
    clause: 'TS-FRK-1',
  };
  const beside = withCertificates(material, [proof.certificate]);
  return {
    kind: 'fork proof',
    says: 'the signatures that name a culprit',
    clause: 'TS-FRK-1',
    bytes: wire.length,
    fields: [kind, ...logFields(proof)],
    checks: [proofCheck(wire, material)],
    parts: [explainCertificate(proof.certificate, material, null), ...exhibits(proof, beside)],
  };
}

function proofCheck(wire: Bytes, { trust }: Material): Check {
  const name = 'the proof holds: its certificate leads to the root, its signatures contradict';
  return trust === null
    ? unchecked(name, 'no trust file is at hand: give one with --trust')
    : check(name, () => verify(checkProof(wire, trust.store)));
}

/** The records, without checks of their own: {@link checkProof} verifies each of them alone. */
function exhibits(proof: ForkProof, material: Material): Explained[] {
  const shown = (): Explained[] => {
    switch (proof.kind) {
      case 1:
        return [
          explainSigned(proof.first.record, material, proof.first.external),
          explainSigned(proof.second.record, material, proof.second.external),
        ];
      case 2:
        return [
          explainSigned(proof.record.record, material, proof.record.external),
          explainSigned(proof.statement, material),
        ];
      case 3:
        return [explainSigned(proof.receipt, material), explainSigned(proof.void, material)];
    }
  };
  return shown().map((each) => ({ ...each, checks: [] }));
}

function logFields(proof: ForkProof): Field[] {
  if (proof.kind !== 2) return [];
  return [
    {
      name: 'start',
      value: showHex(proof.start),
      meaning: "head before the record's position in the statement's log",
      clause: 'TS-FRK-1b',
    },
    {
      name: 'steps',
      value: `${proof.steps.length}`,
      meaning: 'entries from there to the statement, each as salt and record id',
      clause: 'TS-FRK-1b',
    },
  ];
}
