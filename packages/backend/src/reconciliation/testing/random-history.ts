import type { Bytes } from '@tallystick/protocol';
import type { Store } from '../../store/port.ts';
import type { Handed, ScriptedPurse } from './purse.ts';
import { World } from './world.ts';

/** Numbers from a seed (Mulberry32), the same everywhere. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 to below `sides`. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[this.roll(items.length)];
  }

  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let at = out.length - 1; at > 0; at--) {
      const other = this.roll(at + 1);
      [out[at], out[other]] = [out[other] as T, out[at] as T];
    }
    return out;
  }
}

/** A tap: who paid whom, and what came of it. */
interface Tap {
  readonly payer: ScriptedPurse;
  readonly payee: number;
  readonly handed: Handed;
  /** The payee's void, once it made one. */
  reason: Bytes | null;
  isAnswered: boolean;
  isRestored: boolean;
}

/** One purse of the story. */
interface Actor {
  readonly at: number;
  /** Spends what it has, answers each tap once, and redeems: what is paid out is a decision. */
  readonly isHonest: boolean;
  current: ScriptedPurse;
  readonly branches: ScriptedPurse[];
  backup: ScriptedPurse | null;
}

interface Story {
  readonly world: World;
  readonly dice: Dice;
  readonly actors: readonly Actor[];
  readonly taps: Tap[];
  readonly uploads: Bytes[];
}

const ACTORS = 4;
const TURNS = 40;

/**
 * A story drawn from a seed, told offline: loads, payments, receipts, voids, restores and unloads. Two
 * of the four purses overspend, answer both ways and claim what is not theirs, and the first goes
 * back to an old copy of itself now and then. Returns every branch's uploads, some of them early.
 */
export async function randomHistory(
  store: Store,
  seed: number,
): Promise<{ readonly world: World; readonly uploads: readonly Bytes[] }> {
  const dice = new Dice(seed);
  const world = await new World(store).open();
  const actors: Actor[] = [];
  for (let at = 0; at < ACTORS; at++) {
    const purse = await world.enrol(`actor ${at}`, at % 2 === 0 ? 'ALFA' : 'BETA');
    const isHonest = at >= 2;
    actors.push({ at, isHonest, current: purse, branches: [purse], backup: null });
    await world.load(purse, 1_000n);
  }
  const story: Story = { world, dice, actors, taps: [], uploads: [] };
  for (let turn = 0; turn < TURNS; turn++) {
    const actor = dice.pick(actors);
    if (actor !== undefined) act(story, actor);
  }
  for (const { branches } of actors) {
    for (const branch of branches) story.uploads.push(branch.upload());
  }
  return { world, uploads: story.uploads };
}

function act(story: Story, actor: Actor): void {
  const { dice, uploads } = story;
  const acts = [pay, pay, pay, accept, accept, accept, refuse, restore, goOwnWay];
  const next = dice.pick([...acts, null]);
  if (next == null) uploads.push(actor.current.upload());
  else next(story, actor);
}

function pay({ dice, actors, taps }: Story, { current: payer, isHonest }: Actor): void {
  const payee = dice.roll(ACTORS);
  const to = actors[payee]?.current;
  const amount = BigInt(1 + dice.roll(400));
  if (to === undefined || (isHonest && amount > payer.balance)) return;
  const handed = payer.pay(to, amount);
  taps.push({ payer, payee, handed, reason: null, isAnswered: false, isRestored: false });
}

function tapOf({ dice, taps }: Story, { at, isHonest }: Actor): Tap | undefined {
  return dice.pick(
    taps.filter(({ payee, isAnswered }) => payee === at && !(isHonest && isAnswered)),
  );
}

function accept(story: Story, actor: Actor): void {
  const { dice, taps } = story;
  const isStranger = !actor.isHonest && dice.roll(8) === 0;
  const tap = isStranger ? dice.pick(taps) : tapOf(story, actor);
  if (tap === undefined) return;
  actor.current.accept(tap.handed);
  tap.isAnswered = true;
}

function refuse(story: Story, actor: Actor): void {
  const tap = tapOf(story, actor);
  if (tap === undefined) return;
  tap.reason = actor.current.void(tap.handed);
  tap.isAnswered = true;
}

function restore({ dice, taps }: Story, { current, isHonest }: Actor): void {
  const tap = dice.pick(
    taps.filter(
      ({ payer, reason, isRestored }) =>
        payer === current && reason !== null && !(isHonest && isRestored),
    ),
  );
  if (tap === undefined) return;
  current.restore(tap.handed, tap.reason);
  tap.isRestored = true;
}

/** The honest redeem; the first crook keeps a copy of itself, or goes back to the one it kept. */
function goOwnWay({ world, dice }: Story, actor: Actor): void {
  const { current, isHonest } = actor;
  if (isHonest) {
    const amount = BigInt(1 + dice.roll(300));
    if (amount <= current.balance) world.unload(current, amount);
  } else if (actor.at === 0) {
    if (actor.backup !== null) {
      actor.current = actor.backup;
      actor.branches.push(actor.backup);
    }
    actor.backup = actor.backup === null ? current.copy() : null;
  }
}
