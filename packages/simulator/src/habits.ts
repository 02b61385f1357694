import { toHex } from '@tallystick/protocol';
import { type Agent, RIGHT } from './agent.ts';
import type { Deed } from './deeds.ts';
import { DAY, HOUR } from './scheme.ts';
import type { World } from './world.ts';

/** An agent does something about once in this many simulated seconds. */
const TURN_SECONDS = HOUR / 2;

/** Turns of an attacker that was found out: the news takes a while to get around. */
const TURNS_AFTER = 40;

/** Lets an agent take its turns, for as long as the world goes on and something may come of it. */
export function live(world: World, agent: Agent): void {
  let turnsLeft = Number.POSITIVE_INFINITY;
  const next = (): void => {
    world.schedule.after(1_000 * (60 + agent.random.int(2 * TURN_SECONDS)), () => {
      if (world.isCalm) return;
      if (turnsLeft === Number.POSITIVE_INFINITY && isOut(world, agent)) {
        turnsLeft = agent.isGone ? 0 : TURNS_AFTER;
        succeed(world, agent);
      }
      agent.isRetired = turnsLeft-- <= 0;
      if (agent.isRetired) return;
      for (const deed of chooseDeeds(world, agent)) world.enact(deed);
      next();
    });
  };
  next();
}

/** Whether little will come of an agent any more: its device is gone, or revoked for good. */
function isOut({ culprits }: World, { account, isGone, isReported }: Agent): boolean {
  return isReported || (!isGone && culprits.has(account));
}

/** Somebody like it comes along, so that a long world stays alive. */
function succeed(world: World, { name, role, participant }: Agent): void {
  if (world.truth.origin(name) !== name) return;
  const count = world.agents.filter((each) => each.role === role && each.isOriginal).length;
  world.enact({ do: 'arrive', who: `${role}-${count}`, role, participant });
}

/** Before the first turn everybody may try to join; who fails tries again when its turn comes. */
export function joinAll(world: World): void {
  for (const agent of world.agents) {
    world.schedule.after(agent.random.int(60_000), () =>
      world.enact({ do: 'enrol', who: agent.name }),
    );
  }
}

/** What an agent does in one turn, one thing after the other; each may find it busy with the one before. */
function* chooseDeeds(world: World, agent: Agent): Generator<Deed> {
  yield* losses(world, agent);
  yield* outages(world, agent);
  yield* releases(world, agent);
  if (agent.isGone) return;
  yield* misfortunes(world, agent);
  if (!agent.isFree) return;
  if (agent.role === 'attacker' && agent.isEnrolled) yield* tamper(world, agent);
  if (!agent.isFree) return;
  const work = chooseWork(world, agent);
  if (work !== null) yield work;
}

/** What befalls a device between its deeds. */
function* misfortunes(world: World, agent: Agent): Generator<Deed> {
  const { random, name: who } = agent;
  const rates = world.rates();
  const clock = (offset: number): Deed => ({ do: 'set-clock', who, clock: { offset } });
  const jump = (): number => random.pick([HOUR, 24 * HOUR, 400 * 24 * HOUR]);
  if (random.perMille(rates.clocksBack)) yield clock(-jump());
  else if (random.perMille(rates.clocksForward)) yield clock(jump());
  else if (random.perMille(rates.clocksFrozen))
    yield { do: 'set-clock', who, clock: { frozenAt: world.schedule.nowSeconds } };
  else if (agent.clock !== RIGHT && random.perMille(100))
    yield { do: 'set-clock', who, clock: RIGHT };
  if (agent.isDiskFull) {
    if (random.perMille(400)) yield { do: 'fill-disk', who, isFull: false };
  } else if (random.perMille(rates.disksFull)) yield { do: 'fill-disk', who, isFull: true };
  // Devices are offline for many turns at a time, as in a region without network.
  if (random.perMille(120)) yield { do: 'reach', who, isOnline: !agent.isOnline };
  const { office } = world;
  if (office.isOut && random.perMille(rates.emergencies)) yield { do: 'read-poster', who };
}

/** Days without a network at least, and how many more there may be. */
const OUTAGE_DAYS = 7;
const OUTAGE_MORE_DAYS = 3;

/** Rarely the network goes down, for a week or more: shops are the first to notice. */
function* outages(world: World, { random, name: who, role }: Agent): Generator<Deed> {
  const { office, schedule } = world;
  if (role !== 'terminal' || office.isOut || !random.perMille(world.rates().outages)) return;
  yield { do: 'outage', who, isOn: true };
  const days = OUTAGE_DAYS + random.int(OUTAGE_MORE_DAYS);
  schedule.after(days * DAY * 1_000, () => {
    if (!world.isCalm) world.enact({ do: 'outage', who, isOn: false });
  });
}

/** Now and then there is a new trusted application, and devices take it when it suits them. */
function* releases(world: World, agent: Agent): Generator<Deed> {
  const { random, name: who, role } = agent;
  const rates = world.rates();
  if (agent.isUpdateDue && agent.isFree && random.perMille(rates.imagesUpdated)) {
    yield { do: 'update', who };
  }
  if (role !== 'terminal' || !random.perMille(rates.imagesReleased)) return;
  yield { do: 'release-image', who, withdraws: random.perMille(rates.imagesWithdrawn) };
}

/** Devices that are lost, and what their holders say about it. */
function* losses(world: World, agent: Agent): Generator<Deed> {
  const { random, name: who } = agent;
  const rates = world.rates();
  if (!agent.isEnrolled || agent.isReported) return;
  if (agent.isGone) yield { do: 'report-lost', who, manner: 'early' };
  else if (agent.isFound) {
    if (random.perMille(100)) yield { do: 'report-lost', who, manner: 'late' };
  } else if (agent.role === 'attacker') {
    if (random.perMille(rates.lostReportedFalsely))
      yield { do: 'report-lost', who, manner: 'falsely' };
  } else if (random.perMille(rates.lostReportedEarly)) {
    yield { do: 'lose', who, isFound: false };
  } else if (agent.role === 'wallet' && random.perMille(rates.lostReportedLate)) {
    yield { do: 'lose', who, isFound: true };
  }
}

function chooseWork(world: World, agent: Agent): Deed | null {
  const { random, name: who } = agent;
  if (!agent.isEnrolled) return { do: 'enrol', who };
  if (agent.isFound) return payAround(world, agent);
  const choice = random.int(100);
  if (agent.role === 'terminal') return workOfTerminal(world, agent, choice);
  if (choice < 56) return payAround(world, agent);
  if (choice < 62) return askAround(world, agent);
  if (choice < 76) return { do: 'load', who, amount: BigInt(100 + random.int(20_000)) };
  if (choice < 93) return { do: 'sync', who };
  return { do: 'redeem', who, amount: BigInt(1 + random.int(5_000)) };
}

/** A till syncs, or is held beside another one; for the rest it waits for customers. */
function workOfTerminal(world: World, agent: Agent, choice: number): Deed | null {
  const { random, name: who } = agent;
  if (choice < 25) return { do: 'sync', who };
  const others = around(world, agent).filter(({ role }) => role === 'terminal');
  if (choice >= 40 || others.length === 0) return null;
  return { do: 'meet', who, whom: random.pick(others).name };
}

/** Those that can be met: other people's devices that are about, on and not occupied. */
function around(world: World, agent: Agent): readonly Agent[] {
  return world.agents.filter(
    (each) => each !== agent && each.isReady && !each.isRetired && each.account !== agent.account,
  );
}

/** Pays somebody who is there: mostly an amount the purse has, sometimes one it has not. */
function payAround(world: World, payer: Agent): Deed | null {
  const others = around(world, payer);
  if (others.length === 0) return null;
  const { name: who, random } = payer;
  const despiteDoubt = random.perMille(500);
  return {
    do: 'pay',
    who,
    whom: random.pick(others).name,
    amount: someOf(world, payer),
    despiteDoubt,
  };
}

function someOf(world: World, { name, random }: Agent): bigint {
  const balance = Number(world.truth.balance(name));
  return BigInt(1 + random.int(Math.max(100, Math.min(balance + 200, 9_000))));
}

/** Asks somebody whom it owes an answer about; mostly there is nothing to ask. */
function askAround(world: World, payer: Agent): Deed | null {
  const open = world.truth.purse(payer.name)?.open ?? [];
  const payees = around(world, payer).filter(({ name }) =>
    open.some(({ payee }) => world.truth.owner(toHex(payee)) === name),
  );
  if (payees.length === 0) return payAround(world, payer);
  const { name: who, random } = payer;
  const how = random.perMille(500) ? 'retry' : 'void';
  return { do: 'ask', who, whom: random.pick(payees).name, how };
}

/** Copies an attacker makes of its purse; copies make none of their own. */
const CLONES_MAX = 2;

function mayClone(world: World, agent: Agent): boolean {
  if (world.truth.origin(agent.name) !== agent.name) return false;
  return clonesOf(world, agent) < CLONES_MAX;
}

function clonesOf(world: World, agent: Agent): number {
  return world.agents.filter(({ name }) => world.truth.origin(name) === agent.name).length - 1;
}

/** An attacker's own turn, ahead of what everybody does. */
function* tamper(world: World, agent: Agent): Generator<Deed> {
  const { random, name: who } = agent;
  const rates = world.rates();
  if (agent.drawer === null && random.perMille(200)) yield { do: 'copy-storage', who };
  if (agent.drawer !== null && random.perMille(rates.rollbacks)) yield { do: 'roll-back', who };
  const as = `${who}'${clonesOf(world, agent) + 1}`;
  if (mayClone(world, agent) && random.perMille(rates.clones)) yield { do: 'clone', who, as };
  else if (mayClone(world, agent) && random.perMille(rates.loadsTakenTwice))
    yield { do: 'take-load-twice', who, as, amount: BigInt(100 + random.int(5_000)) };
  const amount = BigInt(100 + random.int(9_000));
  if (random.perMille(rates.keysExtracted)) yield { do: 'forge', who, amount };
  if (random.perMille(rates.claimedTwice)) yield { do: 'claim-twice', who };
  yield* deceive(world, agent, amount);
}

/** Attacks that take somebody else: a victim that pays, or an accomplice. */
function* deceive(world: World, agent: Agent, amount: bigint): Generator<Deed> {
  const { random, name: who } = agent;
  const rates = world.rates();
  const others = around(world, agent);
  const victims = others.filter(
    ({ role, name }) => role === 'wallet' && world.truth.balance(name) > 0n,
  );
  const accomplices = others.filter(({ role }) => role === 'attacker');
  if (victims.length > 0 && random.perMille(rates.acceptedAndVoided)) {
    const victim = random.pick(victims);
    yield { do: 'accept-and-void', who, whom: victim.name, amount: someOf(world, victim) };
  } else if (victims.length > 0 && random.perMille(rates.omittedFromSync)) {
    const victim = random.pick(victims);
    yield { do: 'omit-from-sync', who, whom: victim.name, amount: someOf(world, victim) };
  } else if (accomplices.length > 0 && random.perMille(rates.collusions)) {
    yield { do: 'collude', who, whom: random.pick(accomplices).name, amount };
  }
}
