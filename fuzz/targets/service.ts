import type { Bytes } from '@tallystick/protocol';
import type { Random } from '../engine/random.ts';
import { mustHold, type Target } from '../engine/target.ts';
import type { Sign } from './cast.ts';
import { BOUNDS } from './defaults.ts';
import { resigned } from './resign.ts';
import { type Call, makeWorld, type World } from './world.ts';

const CALLS: readonly Call[] = ['enrol', 'load', 'sync', 'renew'];
/** Calls between two looks at the books, and lives of one backend. */
const CALLS_PER_LOOK = 500;
const CALLS_PER_WORLD = 5_000;

/** The backend's calls with hostile bodies, on the memory store (TS-API-1). */
export async function serviceTargets(): Promise<Target[]> {
  return Promise.all(CALLS.map(serviceTarget));
}

interface Running {
  readonly world: World;
  readonly signers: ReadonlyMap<string, Sign>;
  calls: number;
}

async function start(): Promise<Running> {
  const world = await makeWorld();
  const [ada, bo] = [await world.device('ada'), await world.device('bo')];
  for (const device of [ada, bo]) {
    const synced = await (await device.wallet()).sync();
    mustHold(synced.ok, 'a recorded sync goes well');
  }
  const renewed = await (await ada.wallet()).renew();
  mustHold(renewed.ok, 'a recorded renewal goes well');
  const signers = new Map([...(await ada.signers()), ...(await bo.signers())]);
  return { world, signers, calls: 0 };
}

async function serviceTarget(call: Call): Promise<Target> {
  let running = await start();
  const bodies = running.world.sent.filter((each) => each.call === call).map(({ body }) => body);
  return {
    ...BOUNDS,
    name: `service-${call}`,
    inputMax: 200_000,
    msMax: 2_000,
    memoryMax: 67_108_864,
    seeds: bodies,
    // Purses that sign whatever they are told to: what follows is judged as their doing.
    deepen: (input: Bytes, random: Random) => resigned(input, running.signers, random),
    run: async (input) => {
      if (running.calls === CALLS_PER_WORLD) running = await start();
      const { world } = running;
      const outcome = await world.backend[call](input);
      mustHold(outcome.ok || outcome.error.code !== undefined, 'a refusal has a code');
      running.calls += 1;
      if (running.calls % CALLS_PER_LOOK === 0) await look(running);
    },
  };
}

/** Nothing failed behind the answers, the supply equation holds, and the books can be worked out again. */
async function look({ world }: Running): Promise<void> {
  mustHold(world.failures.length === 0, `a delivery failed: ${String(world.failures[0])}`);
  for (const { balanced, currency } of await world.backend.supply()) {
    mustHold(balanced, `the supply equation of ${currency} does not hold`);
  }
  const { differences } = await world.backend.audit();
  mustHold(differences.length === 0, `the audit finds ${JSON.stringify(differences[0])}`);
}
