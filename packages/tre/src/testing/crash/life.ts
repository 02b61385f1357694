import type { Bytes } from '@tallystick/protocol';
import { type Command, encodeCommand, readReply, type Reply } from '@tallystick/trusted-app';
import type { TestParticipant } from '@tallystick/trusted-app/testing';
import type { Element } from '../../port.ts';
import type { Line } from './journal.ts';
import type { Stranger } from './stranger.ts';

/** Seconds from one sync to the next; payments are forgotten after an hour. */
const SYNC_SECONDS = 1_200;
/** Syncs that one life may have at most: it keeps the lives' epochs apart. */
const SYNCS_PER_LIFE = 200;

export interface LifeOptions {
  readonly element: Element;
  readonly participant: TestParticipant;
  readonly stranger: Stranger;
  readonly certificate: Bytes;
  /** Number of this life, from 1 on. */
  readonly life: number;
  readonly random: (length: number) => Bytes;
  readonly write: (line: Line) => void;
}

/** A purse's busy life: it pays, receives, loads, retries, syncs, until it is killed. */
export class Life {
  readonly #options: LifeOptions;
  #syncs = 0;
  /** The issuer's time: it goes on from life to life. */
  #time = 0;

  constructor(options: LifeOptions) {
    this.#options = options;
  }

  async live(): Promise<void> {
    const status = await this.#run({ kind: 1 });
    if (status?.kind !== 3) throw new Error('there is no purse');
    this.#time = status.floor;
    while (this.#syncs < SYNCS_PER_LIFE) {
      const [choice = 0, size = 0] = this.#options.random(2);
      await this.#act(choice % 8, BigInt(size + 1));
    }
  }

  async #act(choice: number, amount: bigint): Promise<void> {
    switch (choice) {
      case 0:
      case 1:
        return this.#load(amount * 8n);
      case 2:
      case 3:
      case 4:
        return this.#pay(amount);
      case 5:
        return this.#receive(amount);
      case 6:
        return this.#retry();
      default:
        return this.#sync();
    }
  }

  async #run(command: Command): Promise<Reply | null> {
    const bytes = encodeCommand(command);
    this.#options.write({ what: 'asked', command: bytes });
    const reply = await this.#options.element.execute(bytes);
    this.#options.write({ what: 'answered', reply });
    const read = readReply(reply);
    // A limit may refuse: then life goes on with something else.
    return read.ok ? read.value : null;
  }

  async #request(amount: bigint): Promise<Bytes | null> {
    const expires = this.#time + 600;
    const reply = await this.#run({ kind: 4, currency: 978, amount, expires, isStatic: false });
    return reply?.kind === 1 ? reply.message : null;
  }

  async #load(amount: bigint): Promise<void> {
    const { participant, certificate } = this.#options;
    const request = await this.#request(amount);
    if (request === null) return;
    const change = { syncedAt: this.#time, acceptMinutes: 60 };
    const payment = participant.load(request, certificate, amount, change);
    const issuer = participant.issuer.certificate;
    await this.#run({ kind: 6, payment, certificate: issuer, request, wantReceipt: false });
  }

  async #receive(amount: bigint): Promise<void> {
    const { stranger, certificate: own } = this.#options;
    const request = await this.#request(amount);
    if (request === null) return;
    const payment = stranger.pay(request, own, amount, this.#time);
    const { certificate } = stranger;
    await this.#run({ kind: 6, payment, certificate, request, wantReceipt: true });
  }

  async #pay(amount: bigint): Promise<void> {
    const { stranger } = this.#options;
    await this.#run({
      kind: 5,
      request: stranger.request(amount, this.#time + 600),
      certificate: stranger.certificate,
      amount: null,
      pin: null,
      assertHolder: false,
      despiteDoubt: true,
    });
  }

  async #retry(): Promise<void> {
    const status = await this.#run({ kind: 1 });
    const [open] = status?.kind === 3 ? status.open : [];
    if (open !== undefined) await this.#run({ kind: 10, paymentId: open.id });
  }

  async #sync(): Promise<void> {
    const { participant, element, life, write } = this.#options;
    this.#syncs += 1;
    this.#time += SYNC_SECONDS;
    const stated = await this.#run({ kind: 11 });
    if (stated?.kind !== 4) return;
    write({ what: 'uploaded', entries: await element.readLog(stated.from, stated.to) });
    const epoch = life * SYNCS_PER_LIFE + this.#syncs;
    const status = await this.#run({ kind: 1 });
    const settled = status?.kind === 3 ? status.open.map(({ id }) => id) : [];
    const answer = participant.answer(stated.id, stated.to, epoch, this.#time, settled);
    await this.#run({ kind: 12, answer, certificate: participant.issuer.certificate });
  }
}
