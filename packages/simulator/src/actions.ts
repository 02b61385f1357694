import { simulatedLink } from './link.ts';
import type { Agent } from './agent.ts';
import type { World } from './world.ts';

/** Runs a piece of agents' work: they are busy until it ends, and restart later if their power failed. */
async function occupied(
  world: World,
  agents: readonly Agent[],
  work: () => Promise<void>,
): Promise<void> {
  for (const agent of agents) agent.isBusy = true;
  await work();
  for (const agent of agents) {
    agent.isBusy = false;
    if (!agent.element.isOn)
      world.schedule.after(1_000 + agent.random.int(60_000), () => agent.restart());
  }
}

/** Two devices touch, and one pays the other. */
export function tap(world: World, payer: Agent, payee: Agent, amount: bigint): Promise<void> {
  return occupied(world, [payer, payee], async () => {
    const { a, b } = simulatedLink(world.schedule, payer.random, world.rates, world.counts);
    const approve = { approve: true, assertHolder: true, despiteDoubt: payer.random.perMille(500) };
    const [paid, got] = await Promise.all([
      payer.wallet.pay(a, () => Promise.resolve(approve)),
      payee.wallet.getPaid(b, { amount }),
    ]);
    world.note(paid);
    world.note(got);
  });
}

/** Joins a participant, then draws money from the account. */
export function load(world: World, agent: Agent, amount: bigint): Promise<void> {
  return occupied(world, [agent], async () => {
    const { participant, account } = agent;
    if (!agent.isEnrolled) {
      const enrolled = await agent.wallet.enrol({ participant, account });
      world.note(enrolled);
      agent.isEnrolled = enrolled.ok;
    }
    if (agent.isEnrolled && amount > 0n) world.note(await agent.wallet.load(amount));
  });
}

/** Uploads the log, and takes in what comes back. */
export function sync(world: World, agent: Agent): Promise<void> {
  return occupied(world, [agent], async () => {
    const synced = await agent.wallet.sync();
    world.note(synced);
    if (synced.ok) world.syncs++;
  });
}

/** Pays money home: a part, or all of it. */
export function redeem(world: World, agent: Agent, amount: bigint | null): Promise<void> {
  return occupied(world, [agent], async () => {
    const holder = { assertHolder: true };
    const { wallet } = agent;
    world.note(await (amount === null ? wallet.redeemAll(holder) : wallet.redeem(amount, holder)));
  });
}
