import {
  attempt,
  type Bytes,
  checkSignature,
  decodeEntry,
  decodePayload,
  decodePaymentEvidence,
  decodePurseCertificate,
  decodeRecord,
  decodeSigned,
  decodeUpload,
  equal,
  GENESIS,
  headAfter,
  type LogEntry,
  type LogRecord,
  payment as paymentCodec,
  RECORD,
  recordId,
  type Statement,
  statement as statementCodec,
  toHex,
} from '@tallystick/protocol';
import { ORDER } from '../pipe/messages.ts';
import type { Rig } from './rig.ts';
import { expectThat, Violation } from './violation.ts';

/** One statement, with what it covers. */
export interface Stated {
  readonly content: Statement;
  readonly id: Bytes;
  readonly records: readonly LogRecord[];
  readonly message: Bytes;
}

/** The issuer's view of one purse: its log as it was uploaded so far, and the money in it. */
export class Books {
  readonly #rig: Rig;
  #seq = 0;
  #head: Bytes = GENESIS;
  #balance = 0n;
  #epoch = 0;
  readonly #paid: Map<string, bigint> = new Map();

  constructor(rig: Rig) {
    this.#rig = rig;
  }

  /** Has the purse state its log, and checks every entry of the upload (TS-SYN-1, TS-SYN-2). */
  async state(): Promise<Stated> {
    const [upload] = await this.#rig.done({ kind: ORDER.sync });
    expectThat(upload !== undefined, 'an upload (TS-SYN-2)', 'nothing');
    return this.read(upload);
  }

  /** Reads an upload, from the first entry that was not acknowledged. */
  read(bytes: Bytes): Stated {
    const upload = attempt(() => decodeUpload(bytes));
    if (!upload.ok) throw new Violation('an upload (TS-SYN-2)', upload.error.message, bytes);
    const { statement, entries } = upload.value;
    const walk = { seq: this.#seq, head: this.#head, balance: this.#balance };
    const records: LogRecord[] = [];
    let last: LogEntry | null = null;
    for (const each of entries) {
      const entry = this.#entry(each);
      const record = decodeRecord(entry.record.payload);
      const isNext = record.seq === walk.seq + 1 && equal(record.head, walk.head);
      const seen = `position ${record.seq}`;
      expectThat(isNext, `position ${walk.seq + 1} on the head before it (TS-LOG-1)`, seen, each);
      walk.seq = record.seq;
      walk.head = headAfter(walk.head, entry);
      walk.balance += this.#worth(entry, record, each);
      records.push(record);
      last = entry;
    }
    const signed = this.#statement(statement);
    const isLast = last !== null && equal(recordId(last.record), recordId(signed));
    expectThat(isLast, 'the statement as the last entry (TS-SYN-2)', 'another', statement);
    const content = decodePayload(signed.payload, statementCodec, 'statement');
    const wanted = `a balance of ${walk.balance}, as the log has it (TS-SYN-1)`;
    expectThat(content.balance === walk.balance, wanted, `${content.balance}`, statement);
    const { epoch } = content;
    expectThat(epoch === this.#epoch, `epoch ${this.#epoch} (TS-SYN-6)`, `${epoch}`, statement);
    this.#pending = walk;
    return { content, id: recordId(signed), records, message: statement };
  }

  #pending: { seq: number; head: Bytes; balance: bigint } | null = null;

  /** Answers the last statement, and has the answer taken in. */
  async answer(
    { id, content }: Stated,
    settled: readonly Bytes[] = [],
    time: number = content.floor,
    closures: readonly Bytes[] = [],
  ): Promise<void> {
    const { issuer } = this.#rig;
    this.#epoch += 1;
    const answer = issuer.own.answer(id, content.seq, this.#epoch, time, settled);
    await this.#rig.done({ kind: ORDER.reply, body: issuer.reply(answer, { closures }) });
    if (this.#pending === null) throw new Error('nothing was stated');
    this.#seq = this.#pending.seq;
    this.#head = this.#pending.head;
    this.#balance = this.#pending.balance;
  }

  #entry(bytes: Bytes): LogEntry {
    const entry = attempt(() => decodeEntry(bytes));
    if (entry.ok) return entry.value;
    throw new Violation('a log entry (TS-LOG-2)', entry.error.message, bytes);
  }

  #statement(message: Bytes): ReturnType<typeof decodeSigned> {
    const { key } = decodePurseCertificate(this.#rig.certificate);
    return this.#rig.verified('a signed statement (TS-SYN-1)', message, function* (bytes) {
      const signed = decodeSigned(bytes);
      yield* checkSignature(signed, key);
      return signed;
    });
  }

  /** What an entry adds to the balance, with the evidence it must carry (TS-LOG-4). */
  #worth(entry: LogEntry, record: LogRecord, bytes: Bytes): bigint {
    switch (record.kind) {
      case RECORD.payment:
        this.#paid.set(toHex(recordId(entry.record)), record.value.amount);
        return -record.value.amount;
      case RECORD.receipt:
      case RECORD.void: {
        const { payment, requestDigest } = decodePaymentEvidence(evidenceOf(entry, bytes));
        const signed = decodeSigned(payment, requestDigest);
        const isIt = equal(recordId(signed), record.paymentId);
        expectThat(isIt, 'the payment it answers as evidence (TS-LOG-4)', 'another', bytes);
        const { amount } = decodePayload(signed.payload, paymentCodec, 'payment').value;
        return record.kind === RECORD.receipt ? amount : 0n;
      }
      case RECORD.restore: {
        evidenceOf(entry, bytes);
        const amount = this.#paid.get(toHex(record.paymentId));
        expectThat(amount !== undefined, 'a payment of this log', 'an unknown one', bytes);
        return amount;
      }
      default:
        return 0n;
    }
  }
}

function evidenceOf({ evidence }: LogEntry, bytes: Bytes): Bytes {
  expectThat(evidence !== null, 'evidence (TS-LOG-4)', 'none', bytes);
  return evidence;
}
