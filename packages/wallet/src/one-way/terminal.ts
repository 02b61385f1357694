import {
  attempt,
  type Bytes,
  decodeFrame,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  equal,
  type Frame,
  payment as paymentCodec,
  type Seconds,
} from '@tallystick/protocol';
import { failure, need, outcome, type WalletFailure, type WalletResult } from '../failure.ts';
import type { PendingStore } from '../pending-store.ts';
import type { Accepted, Incoming } from '../session/accept.ts';
import type { Parts } from '../session/parts.ts';
import type { Transport } from '../transport/index.ts';
import { type CodeOrder, CodeShelf, isFor } from './code-shelf.ts';
import { makeStaticCode } from './static-code.ts';

/** What a terminal tells the person behind the counter. */
export type TerminalEvent =
  /** Money is in. `payer` is the reference of the payer's certificate. */
  | {
      readonly kind: 'accepted';
      readonly amount: bigint;
      readonly payer: Bytes;
      readonly paymentId: Bytes;
    }
  /** A payment that was accepted before was shown again: it adds nothing. */
  | {
      readonly kind: 'repeated';
      readonly amount: bigint;
      readonly payer: Bytes;
      readonly paymentId: Bytes;
    }
  /** Nothing came in; `code` says why. */
  | { readonly kind: 'refused'; readonly code: WalletFailure['code']; readonly message: string };

/** What came in since the terminal was opened. */
export interface Totals {
  readonly count: number;
  /** Minor units. */
  readonly amount: bigint;
}

export interface TerminalOrder extends CodeOrder {
  /** How long a new code stays good, in seconds. */
  readonly validSeconds: Seconds;
  readonly onEvent?: (event: TerminalEvent) => void;
}

/** Failures of the terminal itself, which no further frame can mend. */
const FATAL: ReadonlySet<string> = new Set(['ELEMENT_FAILED', 'STORE_FAILED']);

/**
 * A till that only receives: one static code, payments that come one way, no receipts (rule 13).
 * The purse under it judges every payment; being shown one twice, it counts it once.
 */
export class Terminal {
  /** The frame to print or show. */
  readonly code: Bytes;
  readonly #parts: Parts;
  readonly #codes: CodeShelf;
  readonly #onEvent: (event: TerminalEvent) => void;
  #totals: Totals = { count: 0, amount: 0n };

  private constructor(parts: Parts, codes: CodeShelf, code: Bytes, order: TerminalOrder) {
    this.#parts = parts;
    this.#codes = codes;
    this.code = code;
    this.#onEvent = order.onEvent ?? (() => {});
  }

  /** Opens a terminal on its code of before, or on a new one. */
  static open(
    parts: Parts,
    store: PendingStore,
    order: TerminalOrder,
  ): Promise<WalletResult<Terminal>> {
    return outcome(async () => {
      const codes = new CodeShelf(store);
      const { certificate, floor } = need(await parts.purse.status());
      const now = Math.max(parts.timer.now(), floor);
      const { ref } = decodePurseCertificate(certificate);
      const known = (await codes.all()).find((code) => isFor(code, order, ref, now));
      if (known !== undefined) return new Terminal(parts, codes, known.code, order);
      const { currency, amount, validSeconds } = order;
      const code = await makeStaticCode(parts, { currency, amount, expires: now + validSeconds });
      await codes.keep(code, now);
      return new Terminal(parts, codes, code, order);
    });
  }

  get totals(): Totals {
    return this.#totals;
  }

  /** Takes frames until the link ends. Fails only when the terminal itself does. */
  listen(transport: Transport): Promise<WalletResult<void>> {
    return outcome(async () => {
      for (;;) {
        const frame = await transport.receive();
        if (frame === null) return;
        need(await this.take(frame));
      }
    });
  }

  /** Takes one frame. Null for a status list or fork proof, which is no news for the counter. */
  async take(bytes: Bytes): Promise<WalletResult<TerminalEvent | null>> {
    const result = await outcome(() => this.#take(need(attempt(() => decodeFrame(bytes)))));
    if (!result.ok && FATAL.has(result.error.code)) return result;
    const event = result.ok ? result.value : refused(result.error);
    if (event !== null) this.#onEvent(event);
    return { ok: true, value: event };
  }

  async #take(frame: Frame): Promise<TerminalEvent | null> {
    const { shelves } = this.#parts;
    switch (frame.kind) {
      case 2:
        return this.#count(await this.#acceptForCode(frame.payment, frame.certificate));
      case 4:
        if (!frame.voidIt) return this.#count(need(await this.#accept(frame)));
        return refused(failure('UNEXPECTED_FRAME', 'a void needs a link that goes both ways'));
      case 6:
        need(await shelves.learnList(frame));
        return null;
      case 9:
        need(await shelves.learnDelta(frame));
        return null;
      case 7:
        need(await shelves.learnProof(frame.proof));
        return null;
      default:
        return refused(failure('UNEXPECTED_FRAME', `a frame of kind ${frame.kind}`));
    }
  }

  /** Tries the codes of the purse that the payment names: only one of them carries its signature. */
  async #acceptForCode(payment: Bytes, certificate: Bytes | null): Promise<Accepted> {
    const { payload } = decodeSigned(payment);
    const { payee } = decodePayload(payload, paymentCodec, 'payment');
    const codes = (await this.#codes.all()).filter((code) => equal(code.payee, payee));
    let result: WalletResult<Accepted> = {
      ok: false,
      error: { code: 'WRONG_PAYEE', message: 'the payment is for no code of this terminal' },
    };
    for (const { request } of codes) {
      result = await this.#accept({ payment, certificate, request });
      if (result.ok || result.error.code !== 'BAD_SIGNATURE') break;
    }
    return need(result);
  }

  async #accept({ payment, certificate, request }: Incoming): Promise<WalletResult<Accepted>> {
    const incoming = { payment, certificate, request };
    const result = await this.#parts.acceptance.accept(incoming, false);
    return result.ok ? { ok: true, value: result.value.accepted } : result;
  }

  #count({ paymentId, amount, payer, isNew }: Accepted): TerminalEvent {
    if (!isNew) return { kind: 'repeated', amount, payer, paymentId };
    this.#totals = { count: this.#totals.count + 1, amount: this.#totals.amount + amount };
    return { kind: 'accepted', amount, payer, paymentId };
  }
}

function refused({ code, message }: WalletFailure): TerminalEvent {
  return { kind: 'refused', code, message };
}
