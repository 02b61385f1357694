import { type Bytes, equal, requestDigest, toHex } from '@tallystick/protocol';
import type { OpenStatus } from '@tallystick/trusted-app';
import { need, outcome, stop, type WalletResult } from '../failure.ts';
import { Mutex } from '../mutex.ts';
import { type PendingStore, Records } from '../pending-store.ts';
import type { PayOrder, PurseClient } from '../purse-client.ts';
import {
  answersIntent,
  type Intent,
  intent,
  payeeOf,
  type PendingPayment,
  pendingPayment,
} from './pending-payment.ts';

/** A payment fresh from the purse. */
export interface Debited extends PendingPayment {
  readonly payment: Bytes;
}

/** A payment in doubt, as the purse and the store together know it. */
export interface Doubt {
  readonly open: OpenStatus;
  /** Null when the store lost it: then only a sync can resolve it. */
  readonly pending: PendingPayment | null;
}

/**
 * Own payments from before the debit until nothing is left to ask (INV-TORN). The purse knows which
 * payments are open; the store keeps what it takes to ask about them: the request and the payee's
 * certificate. An intent is stored first, so that no cut of the power leaves an open payment whose
 * request nobody remembers.
 */
export class Payments {
  readonly #purse: PurseClient;
  readonly #intents: Records<Intent>;
  readonly #pending: Records<PendingPayment>;
  /** Debits, {@link doubts} and new certificates take turns: an intent without a payment may belong to a debit under way. */
  readonly #turns = new Mutex();

  constructor(purse: PurseClient, store: PendingStore) {
    this.#purse = purse;
    this.#intents = new Records(store, 'intent/', intent);
    this.#pending = new Records(store, 'payment/', pendingPayment);
  }

  /** Has the purse pay. After a refusal nothing has changed. */
  debit(order: PayOrder & { readonly amount: bigint }): Promise<WalletResult<Debited>> {
    return this.#turns.run(async () => {
      // An intent left over from a failed power is matched before one of the same request replaces it.
      if ((await this.#intents.all()).length > 0) await this.#recover();
      const { request, certificate: payeeCertificate, amount } = order;
      const { certificate: ownCertificate } = need(await this.#purse.status());
      const intended = { request, payeeCertificate, ownCertificate, amount };
      const name = toHex(requestDigest(request));
      await this.#intents.put(name, intended);
      const paid = await this.#purse.pay(order);
      if (!paid.ok) {
        // An element that failed may have debited: the next look at the doubts finds out.
        if (paid.error.code !== 'ELEMENT_FAILED') await this.#intents.remove(name);
        return paid;
      }
      const { message: payment, id } = paid.value;
      // The money has left: from here on a store that fails must not hide the payment. Its intent
      // is there to find it by.
      await outcome(async () => {
        await this.#pending.put(toHex(id), { ...intended, id });
        await this.#intents.remove(name);
      });
      return { ok: true, value: { ...intended, id, payment } };
    });
  }

  /** Every payment in doubt. Puts the store in order on the way, and may run at any time. */
  doubts(): Promise<readonly Doubt[]> {
    return this.#turns.run(() => this.#recover());
  }

  /**
   * Runs work that changes the purse's certificate while no debit is under way: a payment is kept
   * with the certificate that the purse had a moment before, and no payee answers it with another.
   */
  betweenDebits<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(work);
  }

  /** Forgets a payment that is settled or taken back. */
  async forget(id: Bytes): Promise<void> {
    await this.#pending.remove(toHex(id));
  }

  async #recover(): Promise<readonly Doubt[]> {
    const { open } = need(await this.#purse.status());
    const inDoubt = open.filter(({ accepted }) => !accepted);
    for (const { name, value } of await this.#pending.all()) {
      if (!inDoubt.some(({ id }) => equal(id, value.id))) await this.#pending.remove(name);
    }
    const found: Doubt[] = [];
    for (const each of inDoubt) found.push({ open: each, pending: await this.#find(each) });
    // While one is not accounted for, any intent may yet turn out to be its own.
    if (found.every(({ pending }) => pending !== null)) await this.#dropIntents();
    return found;
  }

  async #dropIntents(): Promise<void> {
    for (const { name } of await this.#intents.all()) await this.#intents.remove(name);
  }

  /** What the store has on an open payment, if need be from the intent it was made of. */
  async #find(open: OpenStatus): Promise<PendingPayment | null> {
    const name = toHex(open.id);
    const known = await this.#pending.get(name);
    const intents = known === null ? await this.#intents.all() : [];
    const candidates = intents.filter(({ value }) => equal(payeeOf(value), open.payee));
    if (known !== null || candidates.length === 0) return known;
    const signed = await this.#purse.retry(open.id);
    // A locked purse signs nothing: then the payment stays unaccounted for until it is unlocked.
    if (!signed.ok) return signed.error.code === 'ELEMENT_FAILED' ? stop(signed.error) : null;
    for (const { value } of candidates) {
      if (!answersIntent(signed.value.message, open.id, value)) continue;
      const pending = { ...value, id: open.id };
      await this.#pending.put(name, pending);
      return pending;
    }
    return null;
  }
}
