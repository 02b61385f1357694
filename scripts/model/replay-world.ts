import { type Bytes, encodeUpload, fromHex, requestDigest, toHex } from '@tallystick/protocol';
import {
  DAY,
  type Outcome,
  payCommand,
  START,
  type TestScheme,
  testScheme,
} from '@tallystick/trusted-app/testing';
import { RealPurse } from './device.ts';
import { idOf, RealOffice } from './office.ts';
import type { ModelState, ModelStep, ModelWorld } from './trace.ts';

/** A tick of the model: acceptance takes two, and the policy of the test scheme gives it a day. */
const TICK_SECONDS = DAY / 2;
const FIRST_LOAD = 3n;

interface Asked {
  readonly payee: number;
  readonly message: Bytes;
}

interface Payment {
  readonly payer: RealPurse | null;
  readonly payee: RealPurse | null;
  readonly request: Bytes;
}

/** Seconds of issuer time at a tick. */
export function secondsAt(tick: number): number {
  return START + tick * TICK_SECONDS;
}

/** The real parts, driven by the steps of a trace. */
export class ReplayWorld {
  readonly office: RealOffice;
  readonly purses: Map<number, RealPurse> = new Map();
  /** Record ids by the model's numbers, and back: content is equal in both or in neither. */
  readonly ids: Map<number, string> = new Map();
  readonly #numbers: Map<string, number> = new Map();
  readonly #scheme: TestScheme = testScheme('model');
  readonly #requests: Asked[] = [];
  /** Signed messages by record id: payments, receipts and voids. */
  readonly #messages: Map<string, Bytes> = new Map();
  readonly #payments: Map<string, Payment> = new Map();
  readonly #uploads: Map<string, Bytes> = new Map();
  #tick = 0;

  constructor(verdicts: Map<string, boolean>) {
    this.office = new RealOffice(this.#scheme, verdicts, () => secondsAt(this.#tick));
  }

  /** Brings the real parts to the first state of a trace. */
  async start({ world, last }: ModelState): Promise<void> {
    await this.office.open(this.#scheme);
    const [alpha, beta] = this.#scheme.participants;
    const count = world.purses.size;
    for (let x = 1; x <= count; x++) {
      const purse = new RealPurse(this.#scheme, x === 3 ? beta : alpha, `purse ${x}`);
      purse.id = await this.office.enrol(purse.certificate, purse.home.code);
      this.purses.set(x, purse);
      this.#noteAll(world);
    }
    for (let x = 1; x <= count; x++) await this.#firstLoad(world, x, FIRST_LOAD);
    if (last.act !== 'split') return;
    const broken = this.purse(1);
    broken.snapshot();
    await this.#firstLoad(world, 1, 1n);
    const asked = this.#ask(2, 3n);
    this.#pay(1, asked, null, false, 'none');
    this.#noteAll(world);
    this.#present(broken.newest(), 6, 'none');
    this.#noteAll(world);
    this.#state(1, 'none');
    this.#noteAll(world);
    broken.rollBack();
  }

  async #firstLoad(world: ModelWorld, x: number, amount: bigint): Promise<void> {
    const id = await this.#load(x, amount);
    if (id === null) throw new Error('the first load was refused');
    this.#note(loadNumber(world, this.#requests.length), id);
    this.#present(id, 6, 'none');
    this.#noteAll(world);
  }

  purse(x: number): RealPurse {
    const purse = this.purses.get(x);
    if (purse === undefined) throw new Error(`no purse ${x}`);
    return purse;
  }

  /** The real record behind a number of the model. */
  id(number: number): string {
    const id = this.ids.get(number);
    if (id === undefined) throw new Error(`nothing real stands behind entry ${number}`);
    return id;
  }

  /** One number, one record. Throws when either had another before. */
  #note(number: number, id: string): void {
    const known = this.ids.get(number) ?? id;
    const back = this.#numbers.get(id) ?? number;
    if (known !== id || back !== number) throw new Error(`entry ${number} is another record`);
    this.ids.set(number, id);
    this.#numbers.set(id, number);
  }

  /** While the world is set up, positions are unique in it. */
  #noteAll({ entries }: ModelWorld): void {
    for (const [x, purse] of this.purses) {
      const { seq } = purse.device.purse;
      const index = entries.findIndex((entry) => entry.owner === x && entry.seq === seq);
      this.#note(index + 1, purse.newest());
    }
  }

  /** Carries out a step; returns the code of its outcome, `CUT` where the power failed. */
  async carryOut(step: ModelStep, after: ModelWorld): Promise<string> {
    const code = await this.#act(step, after);
    for (const [x, { head }] of after.purses) this.#note(head, this.purse(x).newest());
    return code;
  }

  async #act(step: ModelStep, after: ModelWorld): Promise<string> {
    const { x, about, also, cut } = step;
    const purse = this.purses.get(x);
    switch (step.act) {
      case 'tap':
        return this.#pay(x, this.#ask(also, BigInt(step.amount)), null, step.flag, cut);
      case 'pay':
        return this.#pay(x, about - 1, null, step.flag, cut);
      case 'unload':
        return this.#pay(x, null, BigInt(step.amount), false, cut);
      case 'load': {
        const id = await this.#load(x, BigInt(step.amount));
        if (id === null) return 'REVOKED';
        this.#note(loadNumber(after, about), id);
        return 'OK';
      }
      case 'receive':
        return this.#present(this.id(about), 6, cut);
      case 'void':
        return this.#present(this.id(about), 7, cut);
      case 'settle': {
        const payee = known(this.#payment(this.id(about)).payee ?? undefined, 'its payee');
        const { certificate } = payee;
        const receipt = this.#message(this.id(also));
        return codeOf(this.purse(x).run({ kind: 8, receipt, certificate }, 'none'));
      }
      case 'restore':
        return this.#restore(x, this.id(about), also === 0 ? null : this.id(also), cut);
      case 'retry': {
        const outcome = this.purse(x).run(
          { kind: 10, paymentId: known(fromHex(this.id(about)) ?? undefined, 'that id') },
          'none',
        );
        this.#keep(outcome);
        return codeOf(outcome);
      }
      case 'state':
        return this.#state(x, cut).code;
      case 'upload':
        return this.#take(this.id(about));
      case 'sync':
        return this.#take(this.#state(x, 'none').id);
      case 'answer': {
        const answer = this.office.answers.get(this.id(about)) ?? new Uint8Array(0);
        const { certificate } = this.purse(x).home.issuer;
        return codeOf(this.purse(x).run({ kind: 12, answer, certificate }, 'none'));
      }
      case 'publish':
        await this.office.publish('fresh');
        return 'OK';
      case 'list': {
        const list = this.office.lists.get(about) ?? new Uint8Array(0);
        const { certificate } = this.#scheme.operator;
        return codeOf(this.purse(x).run({ kind: 14, list, certificate }, 'none'));
      }
      case 'tick':
        this.#tick += 1;
        for (const { device } of this.purses.values()) device.clock = secondsAt(this.#tick);
        return 'OK';
      case 'snapshot':
        purse?.snapshot();
        return 'OK';
      case 'rollback':
        purse?.rollBack();
        return 'OK';
      default:
        throw new Error(`no such action: ${step.act}`);
    }
  }

  /** The index of a fresh request. */
  #ask(payee: number, amount: bigint): number {
    const message = this.purse(payee).request(amount, secondsAt(this.#tick + 1));
    return this.#requests.push({ payee, message }) - 1;
  }

  /** Pays a request, or (null) the issuer's standing code. */
  #pay(
    x: number,
    asked: number | null,
    amount: bigint | null,
    despiteDoubt: boolean,
    cut: string,
  ): string {
    const payer = this.purse(x);
    const made = asked === null ? undefined : this.#requests[asked];
    const payee = made === undefined ? null : this.purse(made.payee);
    const request = made?.message ?? payer.home.unloadCode;
    const certificate = payee?.certificate ?? payer.home.issuer.certificate;
    const before = payer.device.purse.open.length;
    const outcome = payer.run(payCommand(request, certificate, { amount, despiteDoubt }), cut);
    const { open } = payer.device.purse;
    const last = open.length > before ? open.at(-1) : undefined;
    if (last !== undefined) this.#payments.set(toHex(last.id), { payer, payee, request });
    this.#keep(outcome);
    return codeOf(outcome);
  }

  /** Record id of the issuer's payment; null when it refuses. */
  async #load(x: number, amount: bigint): Promise<string | null> {
    const payee = this.purse(x);
    const asked = this.#requests[this.#ask(x, amount)];
    if (asked === undefined) throw new Error('a request was just made');
    const request = asked.message;
    const loaded = await this.office.load(payee.id, request, amount);
    if (typeof loaded === 'string') return null;
    const id = idOf(loaded, requestDigest(request));
    this.#messages.set(id, loaded);
    this.#payments.set(id, { payer: null, payee, request });
    return id;
  }

  /** Presents a payment to its payee, for acceptance or to be voided. */
  #present(id: string, kind: 6 | 7, cut: string): string {
    const { payer, payee, request } = this.#payment(id);
    if (payee === null) throw new Error('nobody presents an unload to a purse');
    const payment = this.#message(id);
    const certificate = payer?.certificate ?? payee.home.issuer.certificate;
    const presented = { payment, certificate, request };
    const outcome = payee.run(
      kind === 6 ? { kind, ...presented, wantReceipt: true } : { kind, ...presented },
      cut,
    );
    this.#keep(outcome);
    return codeOf(outcome);
  }

  #restore(x: number, id: string, reason: string | null, cut: string): string {
    const purse = this.purse(x);
    const evidence = reason === null ? this.#closure(id) : this.#message(reason);
    const certificate =
      reason === null ? purse.home.issuer.certificate : this.#payment(id).payee?.certificate;
    if (certificate === undefined) throw new Error('only purses void');
    return codeOf(purse.run({ kind: 9, evidence, certificate }, cut));
  }

  /** A statement, and the upload that goes with it. */
  #state(x: number, cut: string): { readonly code: string; readonly id: string } {
    const purse = this.purse(x);
    const outcome = purse.run({ kind: 11 }, cut);
    if (outcome?.ok !== true || outcome.value.kind !== 4) return { code: codeOf(outcome), id: '' };
    const { statement, id, from, to } = outcome.value;
    const entries = purse.entries(from, to);
    this.#uploads.set(toHex(id), encodeUpload({ statement, entries, proofs: [] }));
    return { code: 'OK', id: toHex(id) };
  }

  async #take(statement: string): Promise<string> {
    const upload = this.#uploads.get(statement);
    if (upload === undefined) throw new Error('that statement was never signed');
    await this.office.take(upload, statement);
    return 'OK';
  }

  /** Keeps whatever message came of a command. */
  #keep(outcome: Outcome | null): void {
    if (outcome?.ok !== true) return;
    const { value } = outcome;
    if (value.kind === 1) this.#messages.set(toHex(value.id), value.message);
    if (value.kind === 6 && value.message !== null) {
      this.#messages.set(idOf(value.message), value.message);
    }
  }

  #payment(id: string): Payment {
    return known(this.#payments.get(id), 'that payment');
  }

  #message(id: string): Bytes {
    return known(this.#messages.get(id), 'that message');
  }

  #closure(id: string): Bytes {
    return known(this.office.closures.get(id), 'that closure');
  }
}

function known<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`${name} is in nobody's hands`);
  return value;
}

function codeOf(outcome: Outcome | null): string {
  if (outcome === null) return 'CUT';
  return outcome.ok ? 'OK' : outcome.error.code;
}

/** The number of the issuer's payment for a request. */
function loadNumber({ entries }: ModelWorld, request: number): number {
  return entries.findIndex(({ owner, ref }) => owner === 0 && ref === request) + 1;
}
