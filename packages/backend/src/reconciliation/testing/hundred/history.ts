import { Dice } from '../random-history.ts';
import { EUR, type Handed, type Kept, type ScriptedPurse } from '../purse.ts';
import type { Decision, House } from './ledger.ts';
import { Tale } from './tale.ts';

/** A device's whole log, or one branch of it, with every statement it made. */
export interface DeviceLog {
  readonly name: string;
  readonly entries: readonly Kept[];
  readonly statements: readonly Kept[];
}

/** What all orders have in common. */
export interface LongHistory {
  readonly house: House;
  readonly decisions: readonly Decision[];
  readonly logs: readonly DeviceLog[];
}

interface Actor {
  readonly number: number;
  readonly currency: number;
  /**
   * Keeps the rules. A crook never syncs while the tale is told, so that no closure rests on one of
   * its branches, and never unloads: what is paid out to it depends on when it was found out.
   */
  readonly isHonest: boolean;
  readonly branches: ScriptedPurse[];
  hop: number;
}

interface Later {
  readonly payee: Actor;
  readonly handed: Handed;
}

export interface Size {
  readonly devices: number;
  readonly days: number;
}

/** The house's own measure: a hundred devices, three days. */
export const HUNDRED: Size = { devices: 100, days: 3 };

const USD = 840;
const LOAD = 2_000n;
/** So little that a crook soon spends what it has not. */
const CROOKS_LOAD = 300n;
/** What happens in a day, for each ten devices. */
const TURNS = 15;
/** Longer than anything may wait for its acceptance. */
const NIGHT = 7_200;

/**
 * A history of many devices of two participants in two currencies, told once from a seed: loads (some
 * never taken), payments over several hops, voids, restores by voids and by closures, unloads,
 * renewals, two revocations and those who paid on nevertheless, forks, clones that share a load,
 * payments claimed twice, by strangers, in another currency, or both accepted and voided.
 */
export async function tellHistory(seed: number, size: Size): Promise<LongHistory> {
  const story = new Story(seed);
  await story.begin(size.devices);
  for (let day = 0; day < size.days; day++) await story.tellDay(day);
  return story.end();
}

class Story {
  readonly tale: Tale = new Tale();
  readonly dice: Dice;
  readonly actors: Actor[] = [];
  later: Later[] = [];
  /** Lost by their holders, and used by whoever found them. */
  lost: Actor[] = [];

  constructor(seed: number) {
    this.dice = new Dice(seed);
  }

  async begin(devices: number): Promise<void> {
    await this.tale.begin();
    for (let number = 0; number < devices; number++) {
      const currency = number % 10 === 9 ? USD : EUR;
      const participant = number % 2 === 0 ? 'ALFA' : 'BETA';
      const purse = await this.tale.enrol(`device ${number}`, participant, currency);
      const isHonest = number % 9 !== 4;
      this.actors.push({ number, currency, isHonest, branches: [purse], hop: 0 });
    }
    for (const actor of this.actors) {
      if (actor.number % 3 === 0 || !actor.isHonest) await this.load(actor);
    }
  }

  async tellDay(day: number): Promise<void> {
    const { dice, actors, tale } = this;
    if (day === 1) await this.reportLost();
    const turns = (actors.length * TURNS) / 10;
    for (let turn = 0; turn < turns; turn++) await this.act(dice.pick(actors) as Actor);
    if (day === 0) for (const actor of actors) if (!actor.isHonest) await this.fork(actor);
    for (const { payee, handed } of this.later.splice(0)) this.accept(payee, handed);
    for (const { isHonest, branches } of actors) {
      const [purse] = branches;
      if (isHonest && purse !== undefined && dice.roll(2) === 0) await tale.sync(purse);
    }
    tale.wait(NIGHT);
  }

  /** Everybody states everything once more: after the last night, what was not accepted is closed. */
  async end(): Promise<LongHistory> {
    for (const { isHonest, branches } of this.actors) {
      for (const purse of branches) {
        if (isHonest) await this.tale.sync(purse);
        purse.state();
      }
    }
    const { house, decisions } = this.tale;
    const purses = this.actors.flatMap(({ branches }) => branches);
    const logs = purses.map(({ name, log, stated }) => ({
      name,
      entries: log,
      statements: stated,
    }));
    return { house, decisions, logs };
  }

  async act(actor: Actor): Promise<void> {
    const what = this.dice.roll(20);
    const purse = this.handOf(actor);
    if (what < 13) this.tap(actor, purse);
    else if (what === 13 && actor.isHonest) await this.load(actor);
    else if (what === 14) await this.tale.renew(purse);
    else if (what <= 16 && actor.isHonest) this.unload(actor, purse);
    else if (what === 17) purse.state();
  }

  /** One of its branches: an honest purse has only one. */
  handOf({ branches }: Actor): ScriptedPurse {
    return this.dice.pick(branches) as ScriptedPurse;
  }

  async load(actor: Actor): Promise<void> {
    const [purse] = actor.branches;
    if (purse === undefined) return;
    const handed = await this.tale.issue(purse, actor.isHonest ? LOAD : CROOKS_LOAD);
    const isTaken = !actor.isHonest || this.dice.roll(5) > 0;
    if (isTaken) purse.accept(handed);
  }

  tap(actor: Actor, purse: ScriptedPurse): void {
    const { dice, tale } = this;
    const isOdd = !actor.isHonest && dice.roll(6) === 0;
    const others = this.actors.filter(
      (each) => each !== actor && !this.lost.includes(each) && each.currency === actor.currency,
    );
    const payee = dice.pick(isOdd ? others.filter(({ isHonest }) => !isHonest) : others);
    const amount = BigInt(1 + dice.roll(400));
    if (payee === undefined || (actor.isHonest && amount > purse.balance)) return;
    // Only another crook would take another currency, or money of a purse it knows to be revoked.
    const currency = isOdd ? EUR + USD - actor.currency : actor.currency;
    const to = this.handOf(payee);
    const handed = tale.pay(purse, to, { amount, currency, hop: actor.hop + 1 });
    if (payee.isHonest) this.answer(actor, purse, payee, to, handed);
    else this.answerCrookedly(payee, handed);
  }

  answer(
    payer: Actor,
    purse: ScriptedPurse,
    payee: Actor,
    to: ScriptedPurse,
    handed: Handed,
  ): void {
    const fate = this.dice.roll(20);
    if (fate < 12) this.accept(payee, handed);
    else if (fate < 15) this.later.push({ payee, handed });
    else if (fate < 18) {
      const reason = to.void(handed);
      this.tale.open.delete(handed.id);
      // Some are told only when their payer is gone.
      if (payer.isHonest ? fate > 15 : fate === 17) purse.restore(handed, reason);
    }
    // Else nobody ever answers, and what an honest purse paid is closed after the night.
  }

  answerCrookedly(payee: Actor, handed: Handed): void {
    for (const purse of payee.branches) {
      const fate = this.dice.roll(10);
      if (fate < 7) purse.accept(handed);
      if (fate === 6 || fate === 7) purse.void(handed);
    }
    const stranger = this.dice.pick(this.actors.filter((each) => !each.isHonest));
    if (stranger !== undefined && this.dice.roll(6) === 0) this.handOf(stranger).accept(handed);
  }

  accept(payee: Actor, handed: Handed): void {
    const [purse] = payee.branches;
    if (purse === undefined || !this.tale.isInTime(purse, handed)) return;
    purse.accept(handed);
    this.tale.open.delete(handed.id);
    Object.assign(payee, { hop: Math.max(payee.hop, handed.payment.value.hop) });
  }

  unload({ currency }: Actor, purse: ScriptedPurse): void {
    const amount = BigInt(1 + this.dice.roll(300));
    if (amount <= purse.balance) this.tale.unload(purse, amount, currency);
  }

  /** Copies that go on by themselves, from where the original is now, and all take one load. */
  async fork(actor: Actor): Promise<void> {
    const [purse] = actor.branches;
    if (purse === undefined || actor.number % 18 === 13) return;
    actor.branches.push(purse.copy());
    if (actor.number % 4 === 0) actor.branches.push(purse.copy());
    const handed = await this.tale.issue(purse, CROOKS_LOAD);
    for (const branch of actor.branches) {
      if (this.dice.roll(2) === 0) branch.adopt({});
      branch.accept(handed);
    }
  }

  /** Two purses are reported; crooks know, and take what their finders pay nevertheless. */
  async reportLost(): Promise<void> {
    this.lost = this.actors.filter(({ number }) => number === 3 || number === 12);
    for (const { branches } of this.lost) {
      const [purse] = branches;
      if (purse === undefined) continue;
      await this.tale.sync(purse);
      const version = await this.tale.revoke(purse);
      for (const payee of this.actors.filter(({ isHonest }) => !isHonest)) {
        const [to] = payee.branches;
        if (to === undefined || this.dice.roll(2) === 0) continue;
        const handed = this.tale.pay(purse, to, { amount: 5n, currency: payee.currency, hop: 1 });
        if (this.dice.roll(2) === 0) to.adopt({ listVersion: version });
        to.accept(handed);
        this.tale.open.delete(handed.id);
      }
    }
  }
}
