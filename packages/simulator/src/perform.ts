import {
  ask,
  enrol,
  load,
  meet,
  occupied,
  type Outcome,
  paidWords,
  redeem,
  sync,
  tap,
} from './actions.ts';
import { type Agent, type Clock, RIGHT } from './agent.ts';
import { attack } from './attacks.ts';
import type { Deed } from './deeds.ts';
import type { Fate } from './fate.ts';
import { releaseImage, update } from './images.ts';
import { refund, reportLost } from './lost.ts';
import { outage, readPoster } from './outage.ts';
import type { World } from './world.ts';

/** Carries out a deed, if whoever does it is there and free; what came of it, in words. */
export async function perform(world: World, deed: Deed, fate: Fate): Promise<Outcome> {
  const agent = world.find(deed.who);
  if (deed.do === 'arrive') {
    if (agent !== undefined) return 'not there';
    await world.welcome(deed.who, deed.role, deed.participant);
    return 'done';
  }
  if (agent === undefined) return 'not there';
  switch (deed.do) {
    case 'reach':
      agent.isOnline = deed.isOnline;
      return 'done';
    case 'set-clock':
      setClock(world, agent, deed.clock);
      return 'done';
    case 'fill-disk':
      if (deed.isFull && !agent.isDiskFull) world.counts.disksFull++;
      agent.isDiskFull = deed.isFull;
      return 'done';
    case 'lose':
      return lose(agent, deed.isFound);
    case 'report-lost':
      return reportLost(world, agent, deed.manner, fate);
    case 'refund':
      return refund(world, fate);
    case 'outage':
      return outage(world, deed.isOn);
    case 'release-image':
      return releaseImage(world, deed.withdraws);
    case 'read-poster':
      return agent.isReady ? readPoster(world, deed.who) : 'not there';
    default:
      break;
  }
  if (!agent.isFree || (deed.do !== 'enrol' && !agent.isEnrolled)) return 'not there';
  switch (deed.do) {
    case 'enrol':
      return agent.isEnrolled
        ? 'not there'
        : occupied(world, [agent], fate, () => enrol(world, agent));
    case 'load':
      return occupied(world, [agent], fate, () => load(world, agent, deed.amount));
    case 'sync':
      return occupied(world, [agent], fate, () => sync(world, agent));
    case 'update':
      if (!agent.isOnline || world.office.isOut) return 'not there';
      return occupied(world, [agent], fate, () => update(world, agent));
    case 'redeem':
      return occupied(world, [agent], fate, () => redeem(world, agent, deed.amount));
    case 'pay':
      return together(world, agent, deed.whom, fate, async (payee) =>
        paidWords(await tap(world, [agent, payee], deed.amount, deed)),
      );
    case 'meet':
      return together(world, agent, deed.whom, fate, (host) => meet(world, agent, host));
    case 'ask':
      return together(world, agent, deed.whom, fate, (payee) => ask(world, agent, payee, deed.how));
    default:
      return attack(world, deed, agent, fate);
  }
}

function lose(agent: Agent, isFound: boolean): Outcome {
  if (agent.isBusy || agent.isGone || agent.isFound) return 'not there';
  if (isFound) agent.isFound = true;
  else agent.vanish();
  return 'done';
}

async function together(
  world: World,
  agent: Agent,
  whom: string,
  fate: Fate,
  work: (other: Agent) => Promise<Outcome>,
): Promise<Outcome> {
  const other = world.find(whom);
  if (other === undefined || other === agent || !other.isReady) return 'not there';
  return occupied(world, [agent, other], fate, () => work(other));
}

function setClock(world: World, agent: Agent, clock: Clock): void {
  agent.clock = clock;
  if (clock === RIGHT) return;
  if ('frozenAt' in clock) world.counts.clocksFrozen++;
  else if (clock.offset < 0) world.counts.clocksBack++;
  else if (clock.offset > 0) world.counts.clocksForward++;
}
