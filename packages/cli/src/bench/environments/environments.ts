import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SignedImage } from '@tallystick/protocol';
import { type Environment, ENVIRONMENTS, type OpenPurse } from '../../environments/index.ts';
import { ENVIRONMENT_NAMES } from '../../environments/names.ts';
import { elementProcesses, isIsolated } from '../../environments/processes.ts';
import { withTemporaryFolder } from '../../server/temporary-folder.ts';
import { countingElement } from '../compute/counting-element.ts';
import { HostedPurse } from '../compute/hosted-purse.ts';
import type { Group } from '../group.ts';
import type { Lab, StoredOffice } from '../lab.ts';
import { median } from '../median.ts';
import { type Row, row } from '../row.ts';
import { valueOf } from '../office.ts';
import { idleMegabytes, residentMegabytes } from './resident.ts';

/** The first taps warm both sides up. */
const WARM_UP = 3;

/** Whose time it is: of both together, or of one. The payer makes the payment, the payee request and receipt. */
const WHOSE = ['tap', 'payer', 'payee'] as const;
type Times = Record<(typeof WHOSE)[number], number>;

/**
 * What a purse costs in each environment: opening it, a whole tap (request, payment and receipt, with
 * everything durable) and either side's part of it, with a familiar partner and as the first after both were
 * opened, and the bytes that a tap takes to and from both. A tap is held against the same tap with everything in memory, and what a
 * process of an element takes of it against a process that does nothing.
 */
export const ENVIRONMENT: Group = {
  name: 'environment',
  rows: ENVIRONMENT_NAMES.flatMap((name) => [
    `${name}/open`,
    ...WHOSE.flatMap((whose) => [`${name}/${whose}`, `${name}/${whose}/cold`]),
    `${name}/tap/port`,
    ...(isIsolated(name) ? [`${name}/memory`] : []),
  ]),
  measure: async (lab) => {
    const office = await lab.office();
    const image = await imageOf(office);
    lab.begin('a tap in memory');
    const inMemory = await measureInMemory(lab, office);
    const idle = await idleMegabytes();
    const rows: Row[] = [];
    for (const environment of ENVIRONMENTS) {
      lab.begin(`taps in ${environment.name}`);
      const { openMs, warm, cold, portBytes, megabytes } = await measureEnvironment(
        lab,
        office,
        environment,
        image,
      );
      const name = `environment/${environment.name}`;
      rows.push(
        row(`${name}/open`, openMs, 'ms', null),
        ...WHOSE.flatMap((whose) => [
          row(`${name}/${whose}`, warm[whose], 'ms', inMemory.warm[whose]),
          row(`${name}/${whose}/cold`, cold[whose], 'ms', inMemory.cold[whose]),
        ]),
        row(`${name}/tap/port`, portBytes, 'B', null),
      );
      if (megabytes !== null) rows.push(row(`${name}/memory`, megabytes, 'MB', idle));
    }
    return rows;
  },
};

/** The newest image that a backend has. */
export async function imageOf({ backend }: StoredOffice): Promise<SignedImage> {
  const offered = await backend.offeredImage();
  const code = offered === null ? null : await backend.imageCode(offered.sha256);
  if (offered === null || code === null) throw new Error('no image is registered');
  return { manifest: offered.wire, code };
}

interface Taps {
  /** Milliseconds of the first, and the median of those after the warm-up. */
  readonly cold: Times;
  readonly warm: Times;
}

async function measureTaps(lab: Lab, payer: HostedPurse, payee: HostedPurse): Promise<Taps> {
  const taps: Times[] = [];
  for (let made = 0; made < lab.scale.environmentTaps + WARM_UP; made++) {
    const startMs = lab.elapsedMs();
    const request = await payee.request(1n);
    const askedMs = lab.elapsedMs();
    const payment = await payer.pay(request, payee.certificate);
    const paidMs = lab.elapsedMs();
    await payee.receive(payment, payer.certificate, request);
    const tap = lab.elapsedMs() - startMs;
    const ofPayer = paidMs - askedMs;
    taps.push({ tap, payer: ofPayer, payee: tap - ofPayer });
  }
  const [cold, ...rest] = taps;
  if (cold === undefined) throw new Error('nothing was measured');
  const warm = rest.slice(WARM_UP - 1);
  const medianOf = (whose: keyof Times): number => median(warm.map((tap) => tap[whose]));
  return {
    cold,
    warm: { tap: medianOf('tap'), payer: medianOf('payer'), payee: medianOf('payee') },
  };
}

async function measureInMemory(lab: Lab, office: StoredOffice): Promise<Taps> {
  const payer = await HostedPurse.open(office, 'native', 5_000n);
  const payee = await HostedPurse.open(office, 'native', 100n);
  const taps = await measureTaps(lab, payer, payee);
  await payer.close();
  await payee.close();
  return taps;
}

interface Measured extends Taps {
  readonly openMs: number;
  readonly portBytes: number;
  /** Of one element's process; null where it has none of its own. */
  readonly megabytes: number | null;
}

function measureEnvironment(
  lab: Lab,
  office: StoredOffice,
  environment: Environment,
  image: SignedImage,
): Promise<Measured> {
  return withTemporaryFolder('bench', async (folder) => {
    const { publisher } = office.backend.authority;
    const device = { publisher, image, clock: lab.clock, setVariable: lab.setVariable };
    const open = async (name: string): Promise<OpenPurse> => {
      await mkdir(join(folder, name), { recursive: true });
      const opened = await environment.open({ folder: join(folder, name), ...device });
      return valueOf(opened);
    };
    const owners: { readonly name: string; readonly certificate: Uint8Array }[] = [];
    for (const [name, amount] of [
      ['payer', 5_000n],
      ['payee', 100n],
    ] as const) {
      const first = await open(name);
      const purse = await HostedPurse.around(first.element, office, amount);
      owners.push({ name, certificate: purse.certificate });
      await first.close();
    }
    const opening: number[] = [];
    const counts = { bytes: 0 };
    const again: { readonly opened: OpenPurse; readonly purse: HostedPurse }[] = [];
    for (const { name, certificate } of owners) {
      const startMs = lab.elapsedMs();
      const opened = await open(name);
      opening.push(lab.elapsedMs() - startMs);
      const element = countingElement(opened.element, counts);
      again.push({ opened, purse: HostedPurse.of(element, office, certificate) });
    }
    const [payer, payee] = again;
    if (payer === undefined || payee === undefined) throw new Error('a tap takes two');
    const taps = await measureTaps(lab, payer.purse, payee.purse);
    const portBytes = counts.bytes / (lab.scale.environmentTaps + WARM_UP);
    const processes = elementProcesses(environment.name);
    const megabytes = processes.length === 0 ? null : median(processes.map(residentMegabytes));
    for (const { opened } of again) await opened.close();
    return { ...taps, openMs: median(opening), portBytes, megabytes };
  });
}
