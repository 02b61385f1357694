import {
  acceptBy,
  attempt,
  type Bytes,
  decodeProof,
  decodeRecord,
  decodeSigned,
  type Exhibit,
  type ForkProof,
  type LogRecord,
  NO_EXTERNAL,
  RECORD,
  recordId,
  toHex,
} from '@tallystick/protocol';

/** One of the two records that a fork proof shows, as a person compares it with the other. */
export interface Branch {
  readonly kind: string;
  readonly seq: number;
  readonly id: string;
  /** The head of the log before it. */
  readonly head: string;
  readonly certificate: string;
  readonly signature: string;
  /** What it says, where there is something to say. */
  readonly payee: string | null;
  readonly amount: bigint | null;
  readonly currency: number | null;
  /** Seconds since 1970. */
  readonly acceptBy: number | null;
  /** The payment that it answers. */
  readonly about: string | null;
}

/** A fork as two branches of one log. */
export interface Fork {
  readonly kind: ForkProof['kind'];
  /** Where they part: the position that both claim, or the first. */
  readonly seq: number;
  readonly branches: readonly [Branch, Branch];
  /** Whether both name the same head before it: one log up to there. */
  readonly isOneTrunk: boolean;
  /** Entries between the record and the statement that leaves it out. */
  readonly steps: number;
}

/** Reads a proof that the backend has checked; null for what is none. */
export function readFork(wire: Bytes): Fork | null {
  const read = attempt(() => decodeProof(wire));
  if (!read.ok) return null;
  const proof = read.value;
  const branches = attempt(() => exhibitsOf(proof).map(branchOf));
  if (!branches.ok) return null;
  const [first, second] = branches.value;
  if (first === undefined || second === undefined) return null;
  return {
    kind: proof.kind,
    seq: Math.min(first.seq, second.seq),
    branches: [first, second],
    isOneTrunk: first.head === second.head && first.seq === second.seq,
    steps: proof.kind === 2 ? proof.steps.length : 0,
  };
}

function exhibitsOf(proof: ForkProof): readonly Exhibit[] {
  switch (proof.kind) {
    case 1:
      return [proof.first, proof.second];
    case 2:
      return [proof.record, { external: NO_EXTERNAL, record: proof.statement }];
    case 3:
      return [proof.receipt, proof.void].map((record) => ({ external: NO_EXTERNAL, record }));
  }
}

const KINDS = new Map<number, string>(
  Object.entries(RECORD).map(([name, number]) => [number, name]),
);

function branchOf({ external, record: bytes }: Exhibit): Branch {
  const signed = decodeSigned(bytes, external);
  const record = decodeRecord(signed.payload);
  return {
    kind: KINDS.get(record.kind) ?? String(record.kind),
    seq: record.seq,
    id: toHex(recordId(signed)),
    head: toHex(record.head),
    certificate: toHex(signed.kid),
    signature: toHex(signed.signature),
    ...saidOf(record),
  };
}

function saidOf(
  record: LogRecord,
): Pick<Branch, 'payee' | 'amount' | 'currency' | 'acceptBy' | 'about'> {
  const nothing = { payee: null, amount: null, currency: null, acceptBy: null, about: null };
  if (record.kind === RECORD.payment) {
    const { value } = record;
    return {
      ...nothing,
      payee: toHex(record.payee),
      acceptBy: acceptBy(record),
      amount: value.amount,
      currency: value.currency,
    };
  }
  return 'paymentId' in record ? { ...nothing, about: toHex(record.paymentId) } : nothing;
}
