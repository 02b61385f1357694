import {
  type Bytes,
  decodeReply,
  decodeUpload,
  type Refusal,
  describeCode,
} from '@tallystick/protocol';
import { check } from '../checks.ts';
import { explainSigned } from '../explain-signed.ts';
import type { Explained, Field } from '../explained.ts';
import { type Material, withCertificates } from '../material.ts';
import { explainEntries } from './log.ts';
import { explainProof } from './proof.ts';

/** What a purse uploads: statement, entries, proofs (TS-SYN-2). */
export function explainUpload(wire: Bytes, material: Material): Explained {
  const { statement, entries, proofs } = decodeUpload(wire);
  const { checks, parts } = explainEntries(entries, statement, material);
  return {
    kind: 'upload',
    says: 'what a purse brings to a sync',
    clause: 'TS-SYN-2',
    bytes: wire.length,
    fields: [
      count('entries', entries.length, 'log entries that were not acknowledged yet'),
      count('proofs', proofs.length, 'fork proofs that the device came across'),
    ],
    checks,
    parts: [
      explainSigned(statement, material),
      ...parts,
      ...proofs.map((proof) => explainProof(proof, material)),
    ],
  };
}

/** What comes back: answer, newer issuer data, closures, refusals (TS-SYN-5). */
export function explainReply(wire: Bytes, material: Material): Explained {
  const { answer, certificates, policy, list, closures, refused } = decodeReply(wire);
  const beside = withCertificates(material, certificates);
  const issuerData = [policy, list].filter((each) => each !== null);
  const messages = [answer, ...certificates, ...issuerData, ...closures];
  return {
    kind: 'sync reply',
    says: "what the backend says to a purse's upload",
    clause: 'TS-SYN-5',
    bytes: wire.length,
    fields: [
      count('closures', closures.length, 'payments that can no longer be accepted'),
      count('refused', refused.length, 'entries of the upload that were refused'),
      ...refused.map(refusalField),
    ],
    checks: [check('complete', () => undefined)],
    parts: messages.map((message) => explainSigned(message, beside)),
  };
}

function count(name: string, value: number, meaning: string): Field {
  return { name, value: String(value), meaning, clause: 'TS-SYN-2' };
}

function refusalField({ index, code }: Refusal, at: number): Field {
  return {
    name: `refused[${at}]`,
    value: `entry ${index}: ${code}`,
    meaning: describeCode(code)?.says ?? 'not a code of this protocol',
    clause: 'TS-SYN-5',
  };
}
