import { join } from 'node:path';
import {
  audit,
  connect,
  findRunningEmbedded,
  openPostgresStore,
  readTrust,
  type Store,
  supply,
} from '@tallystick/backend';
import type { Device } from '../device/device.ts';
import { pay } from './activity.ts';
import { totalOf } from './promises.ts';
import { OPENED, type World } from './world.ts';

const PAGE = 1_000;

/** What a round's end was held against. */
export interface Checked {
  readonly balances: ReadonlyMap<Device, bigint>;
  readonly facts: number;
  readonly culprits: number;
}

/**
 * Holds everything that is stored against what was promised and what devices know. Nothing may be
 * under way. Throws with every difference.
 */
export async function check(world: World, isLast: boolean): Promise<Checked> {
  const { promises } = world;
  const fresh = promises.learn();
  const faults: string[] = [...(await promises.breaches())];
  promises.learn();
  const balances = new Map<Device, bigint>();
  for (const device of world.honest) {
    const { amount } = await device.must('its balance', device.ask('balance'));
    balances.set(device, amount);
  }
  const store = await openStore(world);
  try {
    faults.push(...(await missing(store, isLast ? [...promises.records] : fresh)));
    faults.push(...(await compareBalances(store, balances)));
    faults.push(...(await compareMoney(world, store)));
    const trust = await readTrust(store);
    if (trust === null) throw new Error('the backend has lost its keys');
    const report = await audit({ store, trust, verifyMany: world.pool.verifyMany });
    if (report.undelivered > 0) faults.push(`${report.undelivered} messages stay undelivered`);
    faults.push(...report.differences.map((each) => `audit: ${JSON.stringify(each)}`));
    const { rows } = await store.reports.purses('', PAGE);
    const culprits = rows.filter(({ standing }) => standing === 'culprit').length;
    if (faults.length > 0) throw new Error(faults.join('\n'));
    return { balances, facts: report.facts, culprits };
  } finally {
    await store.close();
  }
}

/** The ledger as any other program sees it, past the backend. */
async function openStore({ dataFolder }: World): Promise<Store> {
  const url = await findRunningEmbedded(join(dataFolder, 'postgres'));
  if (url === null) throw new Error('the backend serves, but its database does not run');
  return openPostgresStore(await connect<unknown>(url, { maxConnections: 2 }));
}

/** Every record there is, read once: looking each up by its id would read everything each time. */
async function missing(store: Store, ids: readonly string[]): Promise<string[]> {
  const kept = new Set<string>();
  let after: string | null = '';
  while (after !== null) {
    const { rows, next }: Awaited<ReturnType<Store['reports']['facts']>> =
      await store.reports.facts(after, PAGE);
    for (const { id } of rows) kept.add(id);
    after = next;
  }
  return ids.filter((id) => !kept.has(id)).map((id) => `acknowledged, but lost: ${id}`);
}

/** After a sync, the backend owes each holder what the purse holds. */
async function compareBalances(
  store: Store,
  balances: ReadonlyMap<Device, bigint>,
): Promise<string[]> {
  const { rows } = await store.reports.balances('', PAGE);
  const faults: string[] = [];
  for (const [{ purse, name }, held] of balances) {
    const float = rows
      .filter((row) => row.purse === purse && row.account === 'float')
      .reduce((sum, { balance }) => sum - balance, 0n);
    if (float !== held) faults.push(`${name} holds ${held}, but the backend owes it ${float}`);
    const row = await store.reports.purse(purse ?? '');
    if (row?.standing !== 'sound') faults.push(`${name} is taken for ${row?.standing ?? 'nobody'}`);
  }
  return faults;
}

/** Each load and unload moved money once, and none was made or lost (INV-SUPPLY). */
async function compareMoney(world: World, store: Store): Promise<string[]> {
  const { promises, office, accounts } = world;
  const faults: string[] = [];
  const onAccounts = await office.operator.onAccounts();
  const taken = OPENED * BigInt(accounts) - onAccounts;
  const promised = totalOf(promises.loads) - totalOf(promises.unloads);
  if (taken !== promised) faults.push(`accounts gave ${taken}, but devices know of ${promised}`);
  for (const part of await supply(store)) {
    if (!part.balanced) faults.push(`the supply equation does not hold: ${part.participant}`);
    if (part.participant === null && part.reserve !== taken) {
      faults.push(`the reserve is ${part.reserve}, but accounts gave ${taken}`);
    }
  }
  return faults;
}

/** Nobody is stuck: everyone pays the next, who must receive it. */
export async function payAround(world: World): Promise<void> {
  const { honest } = world;
  for (const [index, payer] of honest.entries()) {
    const payee = honest[(index + 1) % honest.length] ?? payer;
    const paid = await payer.must('a payment', pay(world, { payer, payee }, 1n));
    if (paid.state !== 'paid') throw new Error(`${payer.name} cannot pay ${payee.name}`);
  }
}
