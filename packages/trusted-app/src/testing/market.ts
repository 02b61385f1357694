import {
  type Bytes,
  decodeEntry,
  decodeRecord,
  decodeSigned,
  type ED25519,
  type ES256,
  equal,
  RECORD,
  recordId,
  requestDigest,
  type Seconds,
  timeReset,
  toHex,
} from '@tallystick/protocol';
import { type Command, encodeCommand } from '../command.ts';
import { ACCEPTED } from '../purse.ts';
import { readReply, type Reply } from '../reply.ts';
import { payCommand } from './acts.ts';
import { Books } from './books.ts';
import { enrolledKey, personalised, type TestPurse } from './personalised.ts';
import { DAY, START, type TestParticipant, type TestScheme } from './scheme.ts';

export const NAMES = ['ada', 'bo', 'cy'] as const;
export type Name = (typeof NAMES)[number];

/** What goes wrong while a command runs. */
export interface Fault {
  /** Effects until the power fails, or null. */
  readonly cut: number | null;
  readonly tears: boolean;
  readonly storageFails: boolean;
}
export const NO_FAULT: Fault = { cut: null, tears: false, storageFails: false };

/** One payment between two purses, as their wallets remember it. */
interface Deal {
  readonly from: Name;
  readonly to: Name;
  readonly request: Bytes;
  readonly payer: Bytes;
  readonly payee: Bytes;
  payment: Bytes | null;
  id: Bytes | null;
  /** Last answer of the payee: 1 with a receipt, 2 with a void. */
  answer: Extract<Reply, { kind: 6 }> | null;
}

/** What the backend knows of a purse: how far its log goes, and the statement with the latest floor. */
interface Known {
  to: number;
  floor: Seconds;
  statement: Bytes;
}

/**
 * Three purses, their wallets and the least of a backend, with true books over them. Every action may
 * be refused or cut; none may break a promise.
 */
export class Market {
  readonly books: Books;
  readonly purses: Readonly<Record<Name, TestPurse>>;
  readonly deals: Deal[] = [];
  now: Seconds = START;
  readonly #scheme: TestScheme;
  readonly #known: Map<Name, Known> = new Map();
  /** Receipts in logs, as the backend will see them: payment by purse and position. */
  readonly #receipts: Map<Name, Map<number, string>> = new Map();
  #listVersion = 1;
  #resetVersion = 0;

  constructor(scheme: TestScheme) {
    this.#scheme = scheme;
    const [alpha, beta] = scheme.participants;
    this.books = new Books([alpha.issuer.certificate, beta.issuer.certificate]);
    const make = (name: Name): TestPurse => personalised(scheme, this.#home(name), name);
    this.purses = { ada: make('ada'), bo: make('bo'), cy: make('cy') };
    for (const name of NAMES) {
      this.books.watch(name, this.purses[name]);
      const told = this.purses[name].committed;
      this.purses[name].committed = (effect) => {
        this.#note(name, effect.append);
        told?.(effect);
      };
    }
  }

  #home(name: Name): TestParticipant {
    return this.#scheme.participants[name === 'bo' ? 1 : 0];
  }

  #note(name: Name, append: readonly Bytes[]): void {
    const seen = this.#receipts.get(name) ?? new Map<number, string>();
    for (const bytes of append) {
      const record = decodeRecord(decodeEntry(bytes).record.payload);
      if (record.kind === RECORD.receipt) seen.set(record.seq, toHex(record.paymentId));
    }
    this.#receipts.set(name, seen);
  }

  /** Runs a command under a fault; null when it was cut or refused. */
  run<K extends Reply['kind']>(
    name: Name,
    command: Command,
    kind: K,
    fault: Fault = NO_FAULT,
  ): Extract<Reply, { kind: K }> | null {
    const purse = this.purses[name];
    purse.powerAfterEffects = fault.cut;
    purse.tearsCommits = fault.tears;
    purse.storageFails = fault.storageFails;
    const bytes = purse.runBytes(encodeCommand(command));
    purse.powerAfterEffects = null;
    purse.storageFails = false;
    if (bytes === null) return null;
    const reply = readReply(bytes);
    return reply.ok && reply.value.kind === kind
      ? (reply.value as Extract<Reply, { kind: K }>)
      : null;
  }

  #certificate(name: Name): Bytes {
    return this.purses[name].get({ kind: 1 }, 3).certificate;
  }

  #ask(name: Name, amount: bigint): Bytes | null {
    const expires = this.now + 600;
    const command: Command = { kind: 4, currency: 978, amount, expires, isStatic: false };
    return this.run(name, command, 1)?.message ?? null;
  }

  load(name: Name, amount: bigint, fault: Fault): void {
    const request = this.#ask(name, amount);
    if (request === null) return;
    const { issuer } = this.#home(name);
    const change = { syncedAt: this.now };
    const payment = this.#home(name).load(request, this.#certificate(name), amount, change);
    this.books.issue(recordId(decodeSigned(payment, requestDigest(request))), amount);
    const { certificate } = issuer;
    const command: Command = { kind: 6, payment, certificate, request, wantReceipt: true };
    this.run(name, command, 6, fault);
    this.run(name, command, 6);
  }

  pay(from: Name, to: Name, amount: bigint, fault: Fault): void {
    const request = from === to ? null : this.#ask(to, amount);
    if (request === null) return;
    const parties = { from, to, payer: this.#certificate(from), payee: this.#certificate(to) };
    const deal: Deal = { ...parties, request, payment: null, id: null, answer: null };
    const before = this.purses[from].purse.open.map(({ id }) => toHex(id));
    const command = payCommand(request, deal.payee, { despiteDoubt: true });
    const paid = this.run(from, command, 1, fault);
    const open = this.purses[from].purse.open.find(({ id }) => !before.includes(toHex(id)));
    if (open === undefined) return;
    this.deals.push({ ...deal, id: open.id, payment: paid?.message ?? null });
  }

  unload(name: Name, amount: bigint, fault: Fault): void {
    const { unloadCode, issuer } = this.#home(name);
    this.run(name, payCommand(unloadCode, issuer.certificate, { amount }), 1, fault);
  }

  retry(deal: Deal, fault: Fault): void {
    if (deal.id === null) return;
    const again = this.run(deal.from, { kind: 10, paymentId: deal.id }, 1, fault);
    if (again === null) return;
    if (deal.payment !== null && !equal(deal.payment, again.message)) {
      throw new Error('INV-ONCE: a retry is another payment');
    }
    deal.payment = again.message;
  }

  deliver(deal: Deal, fault: Fault): void {
    if (deal.payment === null) return;
    const { payment, request, payer: certificate } = deal;
    const command: Command = { kind: 6, payment, certificate, request, wantReceipt: true };
    deal.answer = this.run(deal.to, command, 6, fault) ?? deal.answer;
  }

  askVoid(deal: Deal, fault: Fault): void {
    if (deal.payment === null) return;
    const { payment, request, payer: certificate } = deal;
    const command: Command = { kind: 7, payment, certificate, request };
    deal.answer = this.run(deal.to, command, 6, fault) ?? deal.answer;
  }

  /** Brings the payee's answer to the payer: a receipt settles, a void restores. */
  bringAnswer(deal: Deal, fault: Fault): void {
    const message = deal.answer?.message ?? null;
    if (message === null) return;
    const certificate = deal.payee;
    const command: Command =
      deal.answer?.verdict === ACCEPTED
        ? { kind: 8, receipt: message, certificate }
        : { kind: 9, evidence: message, certificate };
    this.run(deal.from, command, 0, fault);
  }

  /** Uploads a statement, and imports the answer unless it gets lost. */
  sync(name: Name, losesAnswer: boolean, fault: Fault): void {
    const statement = this.run(name, { kind: 11 }, 4, fault);
    if (statement === null) return;
    const { floor, open, epoch } = this.purses[name].purse;
    const known = this.#known.get(name);
    const isLatest = known === undefined || floor > known.floor;
    this.#known.set(name, {
      to: statement.to,
      floor: isLatest ? floor : known.floor,
      statement: isLatest ? statement.id : known.statement,
    });
    if (losesAnswer) return;
    const settled = open.map(({ id }) => id).filter((id) => this.#isUploaded(id));
    const home = this.#home(name);
    const answer = home.answer(statement.id, statement.to, epoch + 1, this.now, settled);
    this.run(name, { kind: 12, answer, certificate: home.issuer.certificate }, 0, fault);
  }

  #isUploaded(id: Bytes): boolean {
    return NAMES.some((name) => {
      const to = this.#known.get(name)?.to ?? 0;
      const receipts = [...(this.#receipts.get(name) ?? [])];
      return receipts.some(([seq, payment]) => seq <= to && payment === toHex(id));
    });
  }

  /** The issuer closes what the payee's stated log lacks past its time (rule 2), and the payer restores. */
  close(deal: Deal, fault: Fault): void {
    const known = this.#known.get(deal.to);
    const open = this.purses[deal.from].purse.open.find(
      ({ id }) => deal.id !== null && equal(id, deal.id),
    );
    if (known === undefined || open === undefined) return;
    if (open.acceptBy >= known.floor || this.#isUploaded(open.id)) return;
    const home = this.#home(deal.from);
    const evidence = home.close(open.id, known.statement, this.now);
    this.run(deal.from, { kind: 9, evidence, certificate: home.issuer.certificate }, 0, fault);
  }

  renew(name: Name, alg: typeof ES256 | typeof ED25519, fault: Fault): void {
    // Older keys are dropped after four; a payment to one of them could only be closed.
    if (this.purses[name].purse.keys.length >= 4) return;
    const command: Command = { kind: 17, alg, challenge: new Uint8Array(32) };
    const started = this.run(name, command, 2, fault);
    if (started === null) return;
    const certificate = this.#home(name).certify(enrolledKey(started.enrolment));
    this.run(name, { kind: 18, certificate }, 0, fault);
  }

  /** Issuer time, right or wrong by more than a year, on a device that has no clock to know better. */
  beacon(name: Name, isWrong: boolean, fault: Fault): void {
    const issuedAt = isWrong ? this.now + 400 * DAY : this.now;
    const list = this.#scheme.signList({ version: ++this.#listVersion, issuedAt });
    this.purses[name].clock = isWrong ? null : this.now;
    const { certificate } = this.#scheme.operator;
    this.run(name, { kind: 14, list, certificate }, 0, fault);
    this.purses[name].clock = this.now;
  }

  resetTime(name: Name, fault: Fault): void {
    const reset = timeReset.encode({ version: ++this.#resetVersion, floor: this.now });
    this.run(name, { kind: 16, reset: this.#scheme.signByRoot(reset) }, 0, fault);
  }

  passTime(seconds: Seconds): void {
    this.now += seconds;
    for (const name of NAMES) this.purses[name].clock = this.now;
  }

  /** Everybody is honest and online at last: every payment must end with exactly one of the two. */
  settleAll(): void {
    for (const name of NAMES) {
      this.purses[name].restart();
      this.resetTime(name, NO_FAULT);
      this.sync(name, false, NO_FAULT);
    }
    for (const deal of this.deals) {
      this.retry(deal, NO_FAULT);
      this.askVoid(deal, NO_FAULT);
      this.bringAnswer(deal, NO_FAULT);
    }
    this.passTime(30 * DAY);
    for (const name of NAMES) {
      this.beacon(name, false, NO_FAULT);
      this.sync(name, false, NO_FAULT);
    }
    for (const deal of this.deals) this.close(deal, NO_FAULT);
    for (const name of NAMES) this.sync(name, false, NO_FAULT);
  }
}
