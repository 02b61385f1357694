import { createNativeVerifier } from '@tallystick/backend';
import { describe, expect, it } from 'vitest';
import { advance } from './advance.ts';
import type { Agent } from './agent.ts';
import { CALM } from './faults.ts';
import { joinAll, live } from './habits.ts';

import { World } from './world.ts';

const verify = createNativeVerifier(1_000);

/** A world without faults, in which whatever the auditor finds is what a test did to it. */
async function peacefulWorld(seed: string): Promise<World> {
  const rates = { ...CALM };
  const world = await World.create({ seed, wallets: 4, terminals: 0, attackers: 0, rates, verify });
  joinAll(world);
  for (const agent of world.agents) live(world, agent);
  return world;
}

async function runUntil(world: World, stop: () => boolean, stepsMax = 3_000): Promise<void> {
  for (let step = 0; step < stepsMax && !stop() && (await advance(world)); step++);
}

function spender(world: World): Agent | undefined {
  return world.agents.find(({ name, isBusy }) => !isBusy && world.truth.balance(name) > 2_000n);
}

describe('the auditor finds what nobody told it', () => {
  it('a storage that was rolled back: two records at one position', async () => {
    const world = await peacefulWorld('auditor 1');
    await runUntil(world, () => spender(world) !== undefined);
    const agent = spender(world);
    const before = agent?.element.storage;
    const count = world.truth.payments.size;
    const hasPaid = (): boolean =>
      agent !== undefined && !agent.isBusy && world.truth.payments.size > count + 6;
    await runUntil(world, hasPaid);
    expect(world.violations).toEqual([]);
    if (agent !== undefined && before !== undefined) agent.rollBack(before);
    await runUntil(world, () => false);
    expect(world.violations.map(({ invariant }) => invariant)).toContain('INV-ONCE');
  });

  it('an error that nobody caught', async () => {
    const world = await peacefulWorld('auditor 3');
    world.start(Promise.reject(new Error('broken')));
    await runUntil(world, () => false, 5);
    expect(world.violations.map(({ invariant }) => invariant)).toEqual(['NO-BREAKDOWN']);
  });
});
