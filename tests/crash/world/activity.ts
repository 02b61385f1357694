import type { WalletResult } from '@tallystick/wallet';
import type { Device } from '../device/device.ts';
import type { World } from './world.ts';

/** Two devices that were held together. */
export interface Pair {
  readonly payer: Device;
  readonly payee: Device;
}

export interface Activity {
  /** Device operations that did not live to see their end. */
  readonly cut: number;
  /** Taps whose payer does not know how they ended. */
  readonly torn: number;
  readonly pairs: readonly Pair[];
}

const TAPS = 3;
const LOW = 200_00n;
const HIGH = 800_00n;

type Fate = 'ended' | 'cut' | 'torn';

/** Everybody at once: loads, unloads, syncs, renewals, and payments between them. */
export async function bustle(
  world: World,
  balances: ReadonlyMap<Device, bigint>,
): Promise<Activity> {
  const { dice, honest, crook } = world;
  const pairs: Pair[] = [];
  const work: Promise<Fate>[] = [];
  for (const device of honest) {
    work.push(fateOf(errand(world, device, balances.get(device) ?? 0n)));
    work.push(fateOf(device.ask('sync')));
  }
  for (let tap = 0; tap < TAPS; tap++) {
    const payer = dice.pick(honest);
    const payee = dice.pick(honest.filter((each) => each !== payer));
    pairs.push({ payer, payee });
    work.push(fateOf(pay(world, { payer, payee }, BigInt(1 + dice.roll(500)))));
  }
  if (crook?.purse != null) {
    const pair = { payer: crook, payee: dice.pick(honest) };
    pairs.push(pair);
    work.push(fateOf(pay(world, pair, BigInt(1 + dice.roll(500)))));
    work.push(fateOf(crook.ask('sync')));
  }
  const fates = await Promise.all(work);
  const count = (fate: Fate): number => fates.filter((each) => each === fate).length;
  return { cut: count('cut'), torn: count('torn'), pairs };
}

function errand({ dice }: World, device: Device, balance: bigint): Promise<WalletResult<unknown>> {
  const amount = BigInt(1 + dice.roll(9_000));
  if (dice.roll(6) === 0) return device.ask('renew');
  if (balance < LOW) return device.ask('load', amount);
  if (balance > HIGH) return device.ask('redeem', amount);
  return dice.roll(2) === 0 ? device.ask('load', amount) : device.ask('redeem', amount);
}

/** One pays the other over a link; the payer's outcome. */
export async function pay(
  { air }: World,
  { payer, payee }: Pair,
  amount: bigint,
): Promise<WalletResult<{ readonly state: string }>> {
  const link = air.connect(payer, payee);
  const paid = payer.ask('pay', link);
  const got = payee.ask('getPaid', link, amount);
  // Should one of them be off, the other is in contact with nobody.
  paid.catch(() => payee.pass('linkEnded', link));
  got.catch(() => payer.pass('linkEnded', link));
  const [outcome] = await Promise.allSettled([paid, got]);
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

async function fateOf(operation: Promise<WalletResult<unknown>>): Promise<Fate> {
  try {
    const result = await operation;
    if (!result.ok) return isCut(result.error.code) ? 'cut' : 'ended';
    return isInDoubt(result.value) ? 'torn' : 'ended';
  } catch {
    return 'cut';
  }
}

function isCut(code: string): boolean {
  return code === 'ELEMENT_FAILED' || code === 'BACKEND_UNREACHABLE' || code === 'LINK_ENDED';
}

function isInDoubt(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'state' in value && value.state === 'inDoubt'
  );
}
