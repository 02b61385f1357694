import {
  type Bytes,
  decodeCbor,
  decodeEntry,
  decodePurseCertificate,
  decodeRecord,
  headAfter,
  type LogRecord,
  RECORD,
  recordId,
  sha256,
  toHex,
} from '@tallystick/protocol';
import { balanceOf } from '../purse.ts';
import type { Commit, TestDevice } from './device.ts';

/** What truly became of one payment or load. */
export interface TrueEntry {
  readonly amount: bigint;
  /** Label of the purse that was debited; null for a load. */
  readonly payer: string | null;
  readonly isUnload: boolean;
  readonly acceptedBy: string[];
  readonly voidedBy: string[];
  restored: number;
}

/**
 * True books over some purses, kept from their commits and signatures alone: what their rules are
 * judged by. It throws as soon as a promise is broken.
 */
export class Books {
  readonly entries: Map<string, TrueEntry> = new Map();
  readonly #purses: Map<string, TestDevice> = new Map();
  readonly #issuers: ReadonlySet<string>;
  /** Id of what was signed, by purse and position. */
  readonly #signed: Map<string, string> = new Map();
  readonly #signatures: Map<string, number> = new Map();
  #issued = 0n;

  constructor(issuers: readonly Bytes[]) {
    this.#issuers = new Set(issuers.map((bytes) => toHex(decodePurseCertificate(bytes).ref)));
  }

  /** Keeps the books of a purse that has nothing yet. */
  watch(label: string, device: TestDevice): void {
    this.#purses.set(label, device);
    device.committed = (effect) => {
      this.#commit(label, effect);
      this.check();
    };
  }

  /** The issuer signed a load. */
  issue(id: Bytes, amount: bigint): void {
    this.#issued += amount;
    this.#open(toHex(id), amount, null, false);
  }

  entry(id: Bytes): TrueEntry | undefined {
    return this.entries.get(toHex(id));
  }

  /** Money that is neither in a purse nor home. */
  get inFlight(): bigint {
    const open = [...this.entries.values()].filter(
      (each) => !each.isUnload && each.acceptedBy.length === 0 && each.restored === 0,
    );
    return open.reduce((total, { amount }) => total + amount, 0n);
  }

  /** INV-SUPPLY, INV-ONCE and INV-TORN over the true state of every purse. */
  check(): void {
    const held = [...this.#purses.values()].reduce(
      (sum, purse) => sum + balanceOf(purse.purse),
      0n,
    );
    expectThat(held + this.inFlight === this.#issued, 'INV-SUPPLY: money came or went');
    for (const [id, { acceptedBy, voidedBy, restored }] of this.entries) {
      const answers = acceptedBy.length + voidedBy.length;
      expectThat(answers <= 1, `INV-ONCE: ${id} was answered more than once`);
      expectThat(acceptedBy.length + restored <= 1, `INV-TORN: ${id} is with both`);
    }
    for (const [label, device] of this.#purses) this.#checkSignatures(label, device);
  }

  #checkSignatures(label: string, { signed }: TestDevice): void {
    for (const message of signed.slice(this.#signatures.get(label) ?? 0)) {
      const [, , , payload] = decodeCbor(message) as [string, Bytes, Bytes, Bytes];
      const fields = decodeCbor(payload) as number[];
      if ((fields[0] ?? 0) < RECORD.payment || (fields[0] ?? 0) > RECORD.statement) continue;
      const place = `${label} ${fields[1]}`;
      const id = toHex(sha256(message));
      expectThat((this.#signed.get(place) ?? id) === id, `INV-ONCE: two records at ${place}`);
      this.#signed.set(place, id);
    }
    this.#signatures.set(label, signed.length);
  }

  #commit(label: string, { append, logEnd, state }: Commit): void {
    const { purse } = this.#purse(label);
    let head: Bytes | null = null;
    append.forEach((bytes, index) => {
      const entry = decodeEntry(bytes);
      const record = decodeRecord(entry.record.payload);
      expectThat(record.seq === logEnd - append.length + 1 + index, `${label} skips a position`);
      expectThat(head === null || toHex(head) === toHex(record.head), `${label} breaks its chain`);
      head = headAfter(record.head, entry);
      this.#record(label, toHex(recordId(entry.record)), record);
    });
    expectThat(head === null || toHex(head) === toHex(purse.head), `${label} has another head`);
    expectThat(state.length > 0, 'a state');
  }

  #record(label: string, id: string, record: LogRecord): void {
    switch (record.kind) {
      case RECORD.payment: {
        const isUnload = this.#issuers.has(toHex(record.payee));
        expectThat(!this.entries.has(id), `INV-ONCE: ${id} was made twice`);
        this.#open(id, record.value.amount, label, isUnload);
        if (isUnload) this.#issued -= record.value.amount;
        return;
      }
      case RECORD.receipt:
        this.#known(toHex(record.paymentId)).acceptedBy.push(label);
        return;
      case RECORD.void:
        this.#known(toHex(record.paymentId)).voidedBy.push(label);
        return;
      case RECORD.restore:
        this.#known(toHex(record.paymentId)).restored += 1;
        return;
      default:
    }
  }

  #open(id: string, amount: bigint, payer: string | null, isUnload: boolean): void {
    const fresh = { acceptedBy: [], voidedBy: [], restored: 0 };
    this.entries.set(id, { amount, payer, isUnload, ...fresh });
  }

  #known(id: string): TrueEntry {
    const entry = this.entries.get(id);
    if (entry === undefined) throw new Error(`INV-VERIFY: nobody signed ${id}`);
    return entry;
  }

  #purse(label: string): TestDevice {
    const device = this.#purses.get(label);
    if (device === undefined) throw new Error(`${label} is not watched`);
    return device;
  }
}

function expectThat(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}
