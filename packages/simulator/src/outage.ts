import type { Backend, Outcome as Answer } from '@tallystick/backend/core';
import type { Policy } from '@tallystick/protocol';
import type { Outcome } from './actions.ts';
import { calmFate } from './fate.ts';
import type { World } from './world.ts';

type Declared = Answer<Policy>;

/**
 * The network goes down for everybody, or comes back. Before it goes the root signs an emergency
 * policy, which then hangs on posters; afterwards it signs that all is as before.
 */
export async function outage(world: World, isOn: boolean): Promise<Outcome> {
  const { office } = world;
  if (office.isOut === isOn) return 'not there';
  if (isOn) world.counts.outages++;
  // An operator whose backend has just died tries again.
  while ((await office.ask((backend) => declare(backend, isOn), calmFate())) === null);
  office.isOut = isOn;
  return 'done';
}

async function declare(backend: Backend, isOn: boolean): Promise<Declared> {
  return { ok: true, value: await backend.setEmergency(isOn) };
}

/** A holder has the wallet read the policy off a poster. */
export async function readPoster(world: World, who: string): Promise<Outcome> {
  const agent = world.find(who);
  if (agent === undefined) return 'not there';
  const { policy } = world.office.backend.authority;
  const adopted = await agent.wallet.adoptPolicy(policy.wire);
  world.note(adopted);
  if (adopted.ok && policy.value.emergency) world.counts.emergencies++;
  return adopted.ok ? 'done' : (adopted.error.reason ?? adopted.error.code);
}
