import type { PendingItem } from '@tallystick/wallet';
import type { Device } from '../device/device.ts';
import type { Pair } from './activity.ts';
import type { World } from './world.ts';

const ATTEMPTS = 4;

/** Switches on what is off, and lets everybody go on as an app would: sync, ask again, sync. */
export async function resume(world: World, pairs: readonly Pair[]): Promise<void> {
  for (const device of world.devices) if (!device.isOn) device.start();
  const tried: string[] = [];
  for (let attempt = 1; ; attempt++) {
    await Promise.all(world.honest.map((device) => sync(device)));
    // What a crook owes or is owed is between it and its proofs.
    await world.crook?.ask('sync').catch(() => null);
    const doubts = await Promise.all(world.honest.map((device) => pendingOf(device)));
    if (doubts.every((each) => each.length === 0)) return;
    if (attempt === ATTEMPTS) {
      const amounts = doubts.flat().map(({ amount, canAsk }) => `${amount} (can ask: ${canAsk})`);
      throw new Error(`still in doubt: ${amounts.join(', ')}; tried: ${tried.join('; ')}`);
    }
    for (const [index, payer] of world.honest.entries()) {
      for (const item of doubts[index] ?? []) {
        tried.push(...(await clearUp(world, payer, item, pairs)));
      }
    }
  }
}

/** A device must get through to the backend, and the backend must take all it brings. */
async function sync(device: Device): Promise<void> {
  const { refused, problems } = await device.must('a sync', device.ask('sync'));
  if (refused.length > 0) throw new Error(`${device.name}: refused ${JSON.stringify(refused)}`);
  if (problems.length > 0) throw new Error(`${device.name}: ${JSON.stringify(problems)}`);
}

function pendingOf(device: Device): Promise<readonly PendingItem[]> {
  return device.must('its pending payments', device.ask('pending'));
}

/**
 * Holds the payer to each device it was in contact with, until one knows of the payment; what came
 * of each.
 */
async function clearUp(
  { dice, air }: World,
  payer: Device,
  { paymentId }: PendingItem,
  pairs: readonly Pair[],
): Promise<readonly string[]> {
  const tried: string[] = [];
  const how = dice.roll(2) === 0 ? 'retry' : 'void';
  const payees = new Set(pairs.filter((pair) => pair.payer === payer).map(({ payee }) => payee));
  for (const payee of payees) {
    const link = air.connect(payer, payee);
    const answering = payee.ask('answer', link);
    const resolved = await payer.ask('resolve', link, paymentId, how);
    await answering;
    const cause = resolved.ok ? resolved.value.cause : resolved.error;
    const came = `${resolved.ok ? resolved.value.state : 'failed'} (${cause?.message ?? 'at once'})`;
    tried.push(`${payer.name} asks ${payee.name} to ${how}: ${came}`);
    if (resolved.ok && resolved.value.state !== 'inDoubt') return tried;
  }
  return tried;
}
