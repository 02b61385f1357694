import { acceptBy, type Bytes, sha256, toHex } from '@tallystick/protocol';
import { newPurse } from '../../../store/new-purse.ts';
import { createMemoryStore } from '../../../store/memory.ts';
import type { Context } from '../../context.ts';
import { recordLoad } from '../../loads.ts';
import { revoke } from '../../revocations.ts';
import { EUR, type Handed, handedOf, readClosure, ScriptedPurse } from '../purse.ts';
import { certificateRow, namedKey } from '../scheme.ts';
import { type Decision, type House, Ledger, makeHouse } from './ledger.ts';

/** Minutes that a payee has to accept a payment. */
const MINUTES = 60;

interface Open {
  readonly payer: ScriptedPurse;
  readonly handed: Handed;
}

/** A history as it is told once: what devices did, with a backend they sync with now and then. */
export class Tale {
  readonly house: House = makeHouse();
  readonly decisions: Decision[] = [];
  readonly #ledger: Ledger = new Ledger(createMemoryStore(), this.house);
  /** Payments of honest purses that nobody has answered, by record id. */
  readonly open: Map<string, Open> = new Map();
  #loads = 0;
  #renewals = 0;

  get now(): number {
    return this.#ledger.now;
  }

  /** Lets issuer time go by. */
  wait(seconds: number): void {
    this.#ledger.now += seconds;
  }

  async begin(): Promise<void> {
    await this.#decide(async ({ store }) => {
      const { parties, operator } = this.house.scheme;
      const rows = [operator, ...parties.values()].map(({ issuing, code }) =>
        certificateRow(issuing, code, null, 1),
      );
      await store.transaction([], (tx) => tx.write({ certificates: rows }));
    });
    await this.#decide((context) => revoke([], 'first', context));
  }

  async enrol(name: string, participant: string, currency: number): Promise<ScriptedPurse> {
    const key = namedKey(name);
    const certificate = this.house.scheme.certifyPurse(participant, key.key);
    const purse = new ScriptedPurse({ name, participant, certificate, key, now: this.now });
    const { id } = purse;
    const row = newPurse({ id, participant, account: `account of ${name}`, currency });
    const certificates = [certificateRow(certificate, participant, id, 1)];
    await this.#decide(({ store }) =>
      store.transaction([id], (tx) => tx.write({ purses: [row], certificates })),
    );
    return purse;
  }

  /** A new key and certificate. */
  async renew(purse: ScriptedPurse): Promise<void> {
    const { id, participant, name } = purse;
    const key = namedKey(`${name}, key ${++this.#renewals}`);
    const certificate = this.house.scheme.certifyPurse(participant, key.key);
    purse.renew(certificate, key);
    const certificates = [certificateRow(certificate, participant, id, purse.seq + 1)];
    await this.#decide(({ store }) => store.transaction([id], (tx) => tx.write({ certificates })));
  }

  /** The issuer's payment to a purse, which has still to accept it. */
  async issue(purse: ScriptedPurse, amount: bigint): Promise<Handed> {
    const requestDigest = sha256(new TextEncoder().encode(`load ${this.#loads++}`));
    const payee = toHex(purse.certificate.ref);
    const order = { purse: purse.id, payee, requestDigest, amount, acceptMinutes: MINUTES };
    const loaded = await this.#decide((context) => recordLoad(order, context));
    if (!loaded.ok) throw new Error(loaded.error.message);
    return handedOf(loaded.value, requestDigest);
  }

  /** The operator revokes a purse, with the next list. */
  revoke(purse: ScriptedPurse): Promise<number> {
    return this.#decide((context) => revoke([purse.id], 'reported', context));
  }

  pay(
    payer: ScriptedPurse,
    payee: ScriptedPurse,
    money: { readonly amount: bigint; readonly currency: number; readonly hop: number },
  ): Handed {
    // The payee has an hour from now, whenever the payer has synced.
    const since = Math.ceil((this.now - payer.syncedAt) / 60);
    Object.assign(payer, { acceptMinutes: since + MINUTES });
    const handed = payer.pay(payee, money.amount, money.currency, money.hop);
    this.open.set(handed.id, { payer, handed });
    return handed;
  }

  /** Whether an honest payee may accept it still. */
  isInTime(payee: ScriptedPurse, { payment }: Handed): boolean {
    return payee.floor <= acceptBy(payment);
  }

  unload(purse: ScriptedPurse, amount: bigint, currency: number = EUR): void {
    const { issuing } = this.house.scheme.party(purse.participant);
    purse.pay({ certificate: issuing }, amount, currency);
  }

  /** A purse goes online, takes in its answer, and takes back what was closed. */
  async sync(purse: ScriptedPurse): Promise<void> {
    const [ingested] = await this.#ledger.bring([purse.upload()]);
    await this.#ledger.settle();
    if (ingested === undefined) throw new Error('an upload came to nothing');
    purse.answered(ingested.answer);
    for (const closure of ingested.closures) this.#takeBack(purse, closure);
  }

  #takeBack(purse: ScriptedPurse, closure: Bytes): void {
    const open = this.open.get(readClosure(closure).paymentId);
    if (open?.payer !== purse) return;
    this.open.delete(open.handed.id);
    purse.restore(open.handed, closure);
  }

  async #decide<T>(make: (context: Context) => Promise<T>): Promise<T> {
    this.decisions.push({ at: this.now, make });
    return make(this.#ledger.context);
  }
}
