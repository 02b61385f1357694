import { load, redeem, sync, tap } from './actions.ts';
import type { Agent } from './agent.ts';
import { HOUR } from './scheme.ts';
import type { World } from './world.ts';

/** An agent does something about once in this many simulated seconds. */
const TURN_SECONDS = HOUR / 2;

/** Lets an agent take its turns, for as long as the world goes on. */
export function live(world: World, agent: Agent): void {
  const next = (): void => {
    world.schedule.after(1_000 * (60 + agent.random.int(2 * TURN_SECONDS)), () => {
      if (world.isCalm) return;
      takeTurn(world, agent);
      next();
    });
  };
  next();
}

/** Copies an attacker makes of its purse; copies make none of their own. */
const CLONES_MAX = 2;

function clonesOf(world: World, agent: Agent): number {
  if (world.truth.origin(agent.name) !== agent.name) return CLONES_MAX;
  return world.agents.filter(({ name }) => world.truth.origin(name) === agent.name).length - 1;
}

function takeTurn(world: World, agent: Agent): void {
  if (agent.random.perMille(world.rates().clockJump)) jumpClock(world, agent);
  else if (agent.random.perMille(100)) agent.clockOffset = 0;
  // Devices are offline for many turns at a time, as in a region without network.
  if (agent.random.perMille(120)) agent.isOnline = !agent.isOnline;
  if (agent.isBusy || !agent.element.isOn) return;
  if (agent.role === 'attacker') tamper(world, agent);
  const work = chooseWork(world, agent);
  if (work !== null) world.start(work);
}

function chooseWork(world: World, agent: Agent): Promise<void> | null {
  const { random } = agent;
  if (!agent.isEnrolled) return load(world, agent, 0n);
  const choice = random.int(100);
  if (agent.role === 'terminal') return choice < 25 ? sync(world, agent) : null;
  if (choice < 62) return payAround(world, agent);
  if (choice < 76) return load(world, agent, BigInt(100 + random.int(20_000)));
  if (choice < 93) return sync(world, agent);
  return redeem(world, agent, BigInt(1 + random.int(5_000)));
}

/** Pays somebody who is there: mostly an amount the purse has, sometimes one it has not. */
function payAround(world: World, payer: Agent): Promise<void> | null {
  const around = world.agents.filter(
    (each) =>
      each !== payer &&
      !each.isBusy &&
      each.isEnrolled &&
      each.element.isOn &&
      each.account !== payer.account,
  );
  if (around.length === 0) return null;
  const balance = Number(world.truth.balance(payer.name));
  const amount = BigInt(1 + payer.random.int(Math.max(100, Math.min(balance + 200, 9_000))));
  return tap(world, payer, payer.random.pick(around), amount);
}

function jumpClock(world: World, agent: Agent): void {
  world.counts.clockJumps++;
  const jumps = [-400 * 24 * HOUR, -24 * HOUR, -HOUR, HOUR, 24 * HOUR, 400 * 24 * HOUR];
  agent.clockOffset = agent.random.pick(jumps);
}

/** Copies the storage, puts an old copy back, or copies the whole purse to a second device. */
function tamper(world: World, agent: Agent): void {
  const { random, element } = agent;
  const rates = world.rates();
  if (agent.isEnrolled && agent.drawer === null && random.perMille(200))
    agent.drawer = element.storage;
  if (agent.drawer !== null && random.perMille(rates.rollback)) {
    world.counts.rollbacks++;
    world.truth.rolledBack(agent.name, agent.drawer.state);
    agent.rollBack(agent.drawer);
    agent.drawer = null;
  }
  if (agent.isEnrolled && clonesOf(world, agent) < CLONES_MAX && random.perMille(rates.clone)) {
    world.counts.clones++;
    const name = `${agent.name}'${world.counts.clones}`;
    world.truth.cloned(agent.name, name);
    const { role, participant, account } = agent;
    const of = { name, role, participant, account, random: random.fork(name), cloneOf: agent };
    live(world, world.add(of));
  }
}
