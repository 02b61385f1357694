import { generateKeyPairSync } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unwrap } from '@tallystick/protocol';
import {
  bundleTrustedApp,
  type PublisherKey,
  readPublisherKey,
  signImage,
} from '@tallystick/tre/image';
import { testScheme } from '@tallystick/trusted-app/testing';
import type { DeviceOptions, Environment } from '../environments/index.ts';
import { Arena, type ArenaOptions } from './arena.ts';
import { type Attack, demandEvidence, type Finding, type Group, type Attacker } from './attack.ts';
import { lazyOffice } from './reconciliation/office.ts';

/** One attack on one environment, as it is printed. */
export interface Row extends Finding {
  readonly attack: string;
  readonly group: Group;
  readonly environment: string;
  readonly attacker: Attacker;
  readonly reference: string;
}

export interface PlayOptions {
  readonly folder: string;
  readonly setVariable: DeviceOptions['setVariable'];
  /** Says what is tried now; throws when the run is to end. */
  readonly begin: (what: string) => void;
}

/** The version that everybody runs: there is an older one to go back to. */
const VERSION = 2;

/** Carries attacks out, each against each environment that it is something against. */
export async function play(
  attacks: readonly Attack[],
  environments: readonly Environment[],
  options: PlayOptions,
): Promise<readonly Row[]> {
  const { office, close } = lazyOffice(options.folder);
  try {
    return await playAt(office, attacks, environments, options);
  } finally {
    await close();
  }
}

async function playAt(
  office: ArenaOptions['office'],
  attacks: readonly Attack[],
  environments: readonly Environment[],
  { folder, setVariable, begin }: PlayOptions,
): Promise<readonly Row[]> {
  const publisher = freshPublisher();
  const image = signImage(await bundleTrustedApp(), VERSION, publisher);
  const rows: Row[] = [];
  for (const attack of attacks) {
    const { name, group, attacker, reference, against } = attack;
    for (const environment of environments) {
      if (against !== undefined && !against.includes(environment.name)) continue;
      begin(`${name} against ${environment.name}`);
      const own = join(folder, `${rows.length}`);
      await mkdir(own, { recursive: true });
      const found = await carryOut(attack, {
        environment,
        publisher,
        image,
        folder: own,
        setVariable,
        office,
      });
      rows.push({
        attack: name,
        group,
        environment: environment.name,
        attacker,
        reference,
        ...found,
      });
    }
  }
  return rows;
}

async function carryOut(
  attack: Attack,
  options: Omit<ConstructorParameters<typeof Arena>[0], 'scheme'>,
): Promise<Finding> {
  const arena = new Arena({ ...options, scheme: testScheme() });
  try {
    const found = await attack.run(arena);
    demandEvidence(found);
    return found;
  } catch (error) {
    const where = `${attack.name} against ${options.environment.name}`;
    throw new Error(`${where} could not be carried out`, { cause: error });
  } finally {
    await arena.dispose();
  }
}

function freshPublisher(): PublisherKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return unwrap(readPublisherKey(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()));
}
