import {
  type Bytes,
  decodeEntry,
  decodeRecord,
  headAfter,
  type LogRecord,
  type Payment,
  RECORD,
  recordId,
  toHex,
} from '@tallystick/protocol';
import { balanceOf, decodeStored, isPurse, type Purse } from '@tallystick/trusted-app';
import { Exposure } from './exposure.ts';
import { Positions } from './positions.ts';
import { PAYER_CAP } from './scheme.ts';
import type { Commit } from './sim-element.ts';
import type { TruePayment } from './true-payment.ts';

interface TrueDevice {
  purse: Purse | null;
  /** Record ids by position, as first committed. */
  readonly positions: Map<number, string>;
  /** Its storage was rolled back or copied: it is the attacker's. */
  isTampered: boolean;
}

/** A promise that did not hold, in words. */
export interface Violation {
  readonly invariant: string;
  readonly detail: string;
}

/**
 * The true state of every device, built from nothing but the commits it made. It shares no code with
 * the trusted application's rules or the backend's books: it is what they are judged by.
 */
export class Truth {
  readonly violations: Violation[] = [];
  readonly payments: Map<string, TruePayment> = new Map();
  readonly #devices: Map<string, TrueDevice> = new Map();
  readonly #issuers: Set<string> = new Set();
  /** Device by hex certificate reference. */
  readonly #owners: Map<string, string> = new Map();
  readonly #signed: Positions = new Positions();
  readonly #exposure: Exposure = new Exposure();
  /** Receipts each device committed. */
  readonly #receipts: Map<string, number> = new Map();
  readonly #origins: Map<string, string> = new Map();
  /** Loads issued less unloads debited. */
  #issued = 0n;
  #inFlight = 0n;
  /** Money that exists only because a storage was rolled back or copied. */
  #counterfeit = 0n;

  addIssuer(ref: Bytes): void {
    this.#issuers.add(toHex(ref));
  }

  addCertificate(ref: Bytes, device: string): void {
    this.#owners.set(toHex(ref), device);
  }

  /** The device a certificate was issued to. */
  owner(ref: string): string | undefined {
    return this.#owners.get(ref);
  }

  /** A holder turned on the participant: from now on the device is an attacker's. */
  tampered(device: string): void {
    this.#device(device).isTampered = true;
  }

  isTampered(device: string): boolean {
    return this.#device(device).isTampered;
  }

  balance(device: string): bigint {
    const { purse } = this.#device(device);
    return purse === null ? 0n : balanceOf(purse);
  }

  purse(device: string): Purse | null {
    return this.#device(device).purse;
  }

  totals(): { issued: bigint; inFlight: bigint; counterfeit: bigint; balances: bigint } {
    const balances = [...this.#devices.keys()].reduce((sum, name) => sum + this.balance(name), 0n);
    return {
      issued: this.#issued,
      inFlight: this.#inFlight,
      counterfeit: this.#counterfeit,
      balances,
    };
  }

  /** The issuer signed a load. Issuing the same one again changes nothing. */
  loadIssued(id: Bytes, payee: Bytes, amount: bigint): void {
    if (this.payments.has(toHex(id))) return;
    this.#addPayment(toHex(id), amount, null, toHex(payee), 0, '');
    this.#issued += amount;
  }

  /** Receipts that a device ever committed. */
  receiptsOf(device: string): number {
    return this.#receipts.get(device) ?? 0;
  }

  /** Loads that more than one device accepted. */
  loadsTakenTwice(): number {
    const isTwice = ({ payer, acceptedBy }: TruePayment): boolean =>
      payer === null && acceptedBy.size > 1;
    return [...this.payments.values()].filter(isTwice).length;
  }

  /** A storage was put back or written anew: what it gained or lost by that is no real money. */
  rewritten(name: string, state: Bytes | null): void {
    const device = this.#device(name);
    const before = this.balance(name);
    device.purse = readPurse(state);
    device.isTampered = true;
    this.#counterfeit += this.balance(name) - before;
  }

  /** A storage was copied to a second device: the copy's whole balance is counterfeit. */
  cloned(from: string, to: string): void {
    const original = this.#device(from);
    original.isTampered = true;
    this.#origins.set(to, this.origin(from));
    this.#devices.set(to, { purse: original.purse, positions: new Map(), isTampered: true });
    this.#counterfeit += this.balance(to);
  }

  committed(name: string, effect: Commit): void {
    const device = this.#device(name);
    const before = device.purse;
    const after = readPurse(effect.state);
    let head = before?.head ?? new Uint8Array(32);
    effect.append.forEach((bytes, index) => {
      const entry = decodeEntry(bytes);
      const seq = effect.logEnd - effect.append.length + 1 + index;
      const id = toHex(recordId(entry.record));
      head = headAfter(head, entry);
      this.#place(name, device, seq, id);
      this.#apply(name, device, id, toHex(entry.record.kid), decodeRecord(entry.record.payload));
    });
    if (after !== null && effect.append.length > 0 && toHex(after.head) !== toHex(head)) {
      this.#violate('INV-ONCE', `${name}: the head does not follow from the log`);
    }
    device.purse = after;
  }

  /** Supply over the true state of every device, counterfeit counted apart (INV-SUPPLY). */
  checkSupply(): void {
    const { issued, inFlight, counterfeit, balances } = this.totals();
    if (balances + inFlight !== issued + counterfeit) {
      this.#violate(
        'INV-SUPPLY',
        `${balances} + ${inFlight} in flight, but ${issued} issued and ${counterfeit} counterfeit`,
      );
    }
  }

  /** The device a clone was copied from; any other device itself. */
  origin(name: string): string {
    return this.#origins.get(name) ?? name;
  }

  /**
   * Devices that signed two different payments at one position, both accepted by honest devices: when
   * all have synced, each of these must have been found.
   */
  doubleSpenders(): readonly string[] {
    return this.#signed.doubled((id) =>
      [...(this.payments.get(id)?.acceptedBy ?? [])].some((name) => !this.isTampered(name)),
    );
  }

  #place(name: string, device: TrueDevice, seq: number, id: string): void {
    this.#signed.add(this.origin(name), seq, id);
    const before = device.positions.get(seq);
    if (before !== undefined && before !== id && !device.isTampered) {
      this.#violate('INV-ONCE', `${name} has two records at position ${seq}`);
    }
    device.positions.set(seq, id);
  }

  #apply(name: string, device: TrueDevice, id: string, key: string, record: LogRecord): void {
    switch (record.kind) {
      case RECORD.payment:
        this.#debited(name, id, key, record);
        break;
      case RECORD.receipt:
        this.#accepted(name, device, toHex(record.paymentId));
        break;
      case RECORD.void:
        this.#voided(name, device, toHex(record.paymentId));
        break;
      case RECORD.restore:
        this.#restored(name, device, toHex(record.paymentId));
        break;
      default:
        break;
    }
  }

  #debited(name: string, id: string, key: string, record: Payment): void {
    const { amount, hop } = record.value;
    const payee = toHex(record.payee);
    if (this.payments.has(id)) {
      // A copy of the purse made the very same payment: its balance fell, but nothing more is in flight.
      this.#counterfeit -= amount;
      return;
    }
    this.#addPayment(id, amount, name, payee, hop, key);
    if (this.#issuers.has(payee)) {
      this.#inFlight -= amount;
      this.#issued -= amount;
    }
  }

  #accepted(name: string, device: TrueDevice, id: string): void {
    this.#receipts.set(name, this.receiptsOf(name) + 1);
    const payment = this.payments.get(id);
    if (payment === undefined) {
      this.#violate('INV-VERIFY', `${name} accepted ${id}, which nobody signed`);
      return;
    }
    if (!device.isTampered) {
      if (this.#owners.get(payment.payee) !== name)
        this.#violate('INV-VERIFY', `${name} accepted another's payment`);
      if (payment.acceptedBy.has(name)) this.#violate('INV-ONCE', `${name} accepted ${id} twice`);
      if (payment.voidedBy.has(name))
        this.#violate('INV-ONCE', `${name} accepted ${id} after its void`);
      this.#checkCap(name, device, payment);
    }
    const isFirst = payment.acceptedBy.size === 0 && payment.restored === 0;
    if (isFirst) this.#inFlight -= payment.amount;
    else this.#counterfeit += payment.amount;
    payment.acceptedBy.add(name);
    this.#checkTorn(payment);
  }

  /** A broken payer costs an honest payee's issuer no more than the cap (rule 5). */
  #checkCap(
    name: string,
    { purse }: TrueDevice,
    { payer, certificate, amount }: TruePayment,
  ): void {
    if (payer === null) return;
    const taken = this.#exposure.add(name, purse, certificate, amount);
    if (taken > PAYER_CAP)
      this.#violate('INV-VERIFY', `${name} took ${taken} from ${payer} without a sync`);
  }

  #voided(name: string, device: TrueDevice, id: string): void {
    const payment = this.payments.get(id);
    if (payment === undefined) return;
    if (!device.isTampered && payment.acceptedBy.has(name)) {
      this.#violate('INV-ONCE', `${name} voided ${id} after accepting it`);
    }
    payment.voidedBy.add(name);
  }

  #restored(name: string, device: TrueDevice, id: string): void {
    const payment = this.payments.get(id);
    if (payment === undefined) {
      this.#violate('INV-VERIFY', `${name} restored ${id}, which nobody signed`);
      return;
    }
    if (!device.isTampered && payment.restored > 0)
      this.#violate('INV-ONCE', `${name} restored ${id} twice`);
    const isFirst = payment.acceptedBy.size === 0 && payment.restored === 0;
    if (isFirst) this.#inFlight -= payment.amount;
    else this.#counterfeit += payment.amount;
    payment.restored++;
    this.#checkTorn(payment);
  }

  /** Between two honest devices a payment ends with exactly one of them (INV-TORN). */
  #checkTorn(payment: TruePayment): void {
    const parties = [...payment.acceptedBy, ...(payment.payer === null ? [] : [payment.payer])];
    const areHonest = parties.every((name) => !this.#device(name).isTampered);
    if (areHonest && payment.acceptedBy.size > 0 && payment.restored > 0) {
      this.#violate('INV-TORN', `${payment.id} is with both payer and payee`);
    }
  }

  #addPayment(
    id: string,
    amount: bigint,
    payer: string | null,
    payee: string,
    hop: number,
    certificate: string,
  ): void {
    this.payments.set(id, {
      id,
      amount,
      payer,
      payee,
      isUnload: this.#issuers.has(payee),
      hop,
      certificate,
      acceptedBy: new Set(),
      voidedBy: new Set(),
      restored: 0,
    });
    this.#inFlight += amount;
  }

  #violate(invariant: string, detail: string): void {
    this.violations.push({ invariant, detail });
  }

  #device(name: string): TrueDevice {
    let device = this.#devices.get(name);
    if (device === undefined) {
      device = { purse: null, positions: new Map(), isTampered: false };
      this.#devices.set(name, device);
    }
    return device;
  }
}

function readPurse(state: Bytes | null): Purse | null {
  if (state === null) return null;
  const stored = decodeStored(state);
  return isPurse(stored) ? stored : null;
}
