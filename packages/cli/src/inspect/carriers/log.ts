import {
  type Bytes,
  decodeEntry,
  decodePaymentEvidence,
  decodeRecord,
  decodeSigned,
  demand,
  encodeSigned,
  equal,
  headAfter,
  type LogEntry,
  type LogRecord,
  RECORD,
  recordId,
  toHex,
} from '@tallystick/protocol';
import { check, signatureChecks, unchecked } from '../checks.ts';
import { explainSigned } from '../explain-signed.ts';
import type { Check, Explained, Field } from '../explained.ts';
import { showEvidence, showHex } from '../fields.ts';
import type { Material } from '../material.ts';

interface Read {
  readonly entry: LogEntry;
  readonly record: LogRecord;
  readonly wire: Bytes;
}

/** A log, or part of one: entries in order, covered by a signed statement at their end (TS-LOG-2). */
export function explainLog(wires: readonly Bytes[], material: Material): Explained {
  return {
    kind: 'log',
    says: `${wires.length} entries of one purse, in order`,
    clause: 'TS-LOG-2',
    bytes: wires.reduce((sum, { length }) => sum + length, 0),
    fields: [],
    ...explainEntries(wires, material.statement, material),
  };
}

/** Entries with what covers them: their chain of heads, and the statement's signature. */
export function explainEntries(
  wires: readonly Bytes[],
  statement: Bytes | null,
  material: Material,
): Pick<Explained, 'checks' | 'parts'> {
  const entries = wires.map((wire) => {
    const entry = decodeEntry(wire);
    return { wire, entry, record: decodeRecord(entry.record.payload) };
  });
  return {
    checks: [chainCheck(entries), ...coverChecks(entries, statement, material)],
    parts: entries.map((each) => explainEntry(each, material)),
  };
}

/** Positions count up by one, and each record states the head after the one before it (TS-LOG-1). */
function chainCheck(entries: readonly Read[]): Check {
  return check('every entry follows on the one before it', () => {
    let before: Read | undefined;
    for (const each of entries) {
      if (before !== undefined) {
        const { seq, head } = each.record;
        demand(seq === before.record.seq + 1, 'BAD_FIELD', `position ${seq} is out of order`);
        const states = equal(head, headAfter(before.record.head, before.entry));
        demand(states, 'BAD_FIELD', `position ${seq} states another head before it`);
      }
      before = each;
    }
  });
}

/** Entries carry no signatures: a statement signed at their end vouches for them all (TS-SYN-1). */
function coverChecks(
  entries: readonly Read[],
  statement: Bytes | null,
  material: Material,
): Check[] {
  const name = 'a signed statement covers the last entry';
  if (statement === null) {
    const missing = 'give the statement that was signed at the end of this log with --statement';
    return [unchecked(name, missing)];
  }
  const signed = decodeSigned(statement);
  const covers = check(name, () => {
    const last = entries.at(-1);
    demand(last !== undefined, 'MISSING_FIELD', 'the log is empty');
    const isIt = equal(recordId(last.entry.record), recordId(signed));
    demand(isIt, 'WRONG_STATEMENT', 'the last entry is another record');
  });
  return [covers, ...signatureChecks(signed, material)];
}

/** One entry: its record in words, its salt, and the evidence that justified it. */
function explainEntry({ entry, wire }: Read, material: Material): Explained {
  const { record, salt, evidence } = entry;
  // A signature of the right length lets the record be put in words; it is not shown.
  const unsigned = encodeSigned({ ...record, signature: new Uint8Array(64) });
  const shown = explainSigned(unsigned, material, record.external);
  const fields: Field[] = [
    ...shown.fields.filter(({ name }) => name !== 'signature'),
    {
      name: 'external',
      value: showHex(record.external),
      meaning: 'for a payment, the digest of the request it answers',
      clause: 'TS-PAY-5',
    },
    {
      name: 'salt',
      value: toHex(salt),
      meaning: 'hides the record from those who see only heads',
      clause: 'TS-LOG-3',
    },
    {
      name: 'evidence',
      value: showEvidence(evidence),
      meaning: 'what justified the record: a payment, a void or a closure',
      clause: 'TS-LOG-4',
    },
  ];
  return {
    kind: 'log entry',
    says: `a ${shown.kind}: ${shown.says}`,
    clause: 'TS-LOG-2',
    bytes: wire.length,
    fields,
    checks: [],
    parts: evidence === null ? [] : [explainEvidence(evidence, decodeKind(entry), material)],
  };
}

function decodeKind({ record }: LogEntry): LogRecord['kind'] {
  return decodeRecord(record.payload).kind;
}

function explainEvidence(wire: Bytes, kind: LogRecord['kind'], material: Material): Explained {
  if (kind === RECORD.receipt || kind === RECORD.void)
    return explainPaymentEvidence(wire, material);
  return explainSigned(wire, material);
}

/** The payment that a receipt or void answers, with the digest of the request it signs (TS-LOG-4). */
export function explainPaymentEvidence(wire: Bytes, material: Material): Explained {
  const { payment, requestDigest } = decodePaymentEvidence(wire);
  return {
    kind: 'evidence',
    says: 'the payment that a receipt or void answers',
    clause: 'TS-LOG-4',
    bytes: wire.length,
    fields: [
      {
        name: 'requestDigest',
        value: toHex(requestDigest),
        meaning: 'SHA-256 of the signed request that the payment answers',
        clause: 'TS-PAY-5',
      },
    ],
    checks: [],
    parts: [explainSigned(payment, material, requestDigest)],
  };
}
