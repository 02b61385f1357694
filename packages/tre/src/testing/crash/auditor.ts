import {
  type Bytes,
  decodeEntry,
  decodePayload,
  decodePaymentEvidence,
  decodeRecord,
  decodeSigned,
  equal,
  GENESIS,
  headAfter,
  type LogRecord,
  payment as paymentCodec,
  RECORD,
  recordId,
  requestDigest,
  statement as statementCodec,
  toHex,
} from '@tallystick/protocol';
import { type Command, decodeCommand, readReply, type Reply } from '@tallystick/trusted-app';
import type { ExaminedPurse } from '../../conformance/purse.ts';
import type { Line } from './journal.ts';

/** A log record that the auditor has seen, for good. */
interface Seen {
  readonly record: LogRecord;
  readonly id: string;
  readonly bytes: Bytes;
}

/** What one inspection saw; a test wants these to be more than nothing. */
export interface Found {
  readonly acknowledged: number;
  readonly inDoubt: number;
}

/**
 * Holds a purse to its word over all its lives. It shares no code with the purse: it knows the log
 * by what was uploaded and read, and the rest by what was replied.
 */
export class Auditor {
  /** By position: one content each, for ever (INV-ONCE). */
  readonly #log: Map<number, Seen> = new Map();

  /** Reads what a life left in writing, then asks the purse whether all of it is still so. */
  async inspect(purse: ExaminedPurse, journal: readonly Line[]): Promise<Found> {
    const before = this.#payments().size;
    for (const line of journal) if (line.what === 'uploaded') this.#read(line.entries);
    const stated = await purse.state();
    this.#read(await purse.element.readLog(stated.from, stated.to));
    this.#demandStatement(stated.statement, (await purse.status()).balance);
    const acknowledged = this.#demandAcknowledged(journal);
    const paid = this.#payments().size - before;
    const promised = new Set(acknowledged.flatMap(({ payment }) => payment ?? [])).size;
    const inDoubt = paid - promised;
    // One command ran when the end came; it may have paid, and nobody heard of it.
    if (inDoubt < 0 || inDoubt > 1) fail(`${paid} payments in the log, ${promised} acknowledged`);
    for (const { id } of (await purse.status()).open) {
      const again = await purse.get({ kind: 10, paymentId: id }, 1);
      if (!equal(again.id, id)) fail(`payment ${toHex(id)} is signed with another content`);
    }
    return { acknowledged: acknowledged.length, inDoubt };
  }

  #read(entries: readonly Bytes[]): void {
    for (const bytes of entries) {
      const entry = decodeEntry(bytes);
      const record = decodeRecord(entry.record.payload);
      const id = toHex(recordId(entry.record));
      const known = this.#log.get(record.seq);
      if (known !== undefined && known.id !== id) fail(`two contents at position ${record.seq}`);
      this.#log.set(record.seq, { record, id, bytes });
    }
  }

  /** The chain from the first entry to the statement, and the money it comes to. */
  #demandStatement(bytes: Bytes, balance: bigint): void {
    const content = decodePayload(decodeSigned(bytes).payload, statementCodec, 'statement');
    let head = GENESIS;
    let money = 0n;
    for (let seq = 1; seq < content.seq; seq++) {
      const seen = this.#log.get(seq) ?? fail(`position ${seq} was never seen`);
      if (!equal(seen.record.head, head)) fail(`the chain breaks at position ${seq}`);
      const entry = decodeEntry(seen.bytes);
      head = headAfter(head, entry);
      money += change(seen.record, entry.evidence);
    }
    if (!equal(content.head, head)) fail('the statement states another head');
    if (content.balance !== money) fail(`it states ${content.balance}, its log says ${money}`);
    if (balance !== money) fail(`it has ${balance}, its log says ${money}`);
  }

  /** Whatever was replied must be in the log, as it was replied. */
  #demandAcknowledged(journal: readonly Line[]): readonly { readonly payment: string | null }[] {
    let command: Command | null = null;
    const acknowledged: { payment: string | null }[] = [];
    for (const line of journal) {
      if (line.what === 'asked') command = decodeCommand(line.command);
      if (line.what !== 'answered' || command === null) continue;
      const reply = readReply(line.reply);
      if (!reply.ok) continue;
      acknowledged.push({ payment: this.#demandReply(command, reply.value) });
    }
    return acknowledged;
  }

  #demandReply(command: Command, reply: Reply): string | null {
    if (command.kind === 5 && reply.kind === 1) {
      const signed = decodeSigned(reply.message, requestDigest(command.request));
      const { seq } = decodePayload(signed.payload, paymentCodec, 'payment');
      return this.#demandAt(seq, toHex(recordId(signed)));
    }
    if (reply.kind === 4) this.#demandAt(reply.to, toHex(reply.id));
    if (reply.kind === 6) {
      const accepted = [...this.#log.values()].some(
        ({ record }) => record.kind === RECORD.receipt && equal(record.paymentId, reply.paymentId),
      );
      if (!accepted) fail(`the receipt of ${toHex(reply.paymentId)} is gone`);
    }
    return null;
  }

  #demandAt(seq: number, id: string): string {
    if (this.#log.get(seq)?.id !== id) fail(`what was promised at position ${seq} is not there`);
    return id;
  }

  #payments(): Set<string> {
    const payments = [...this.#log.values()].filter(({ record }) => record.kind === RECORD.payment);
    return new Set(payments.map(({ id }) => id));
  }
}

/** What a record does to the balance. */
function change(record: LogRecord, evidence: Bytes | null): bigint {
  if (record.kind === RECORD.payment) return -record.value.amount;
  if (record.kind !== RECORD.receipt || evidence === null) return 0n;
  const { payment, requestDigest: external } = decodePaymentEvidence(evidence);
  return decodePayload(decodeSigned(payment, external).payload, paymentCodec, 'payment').value
    .amount;
}

function fail(why: string): never {
  throw new Error(why);
}
