import { decodePurseCertificate, toHex } from '@tallystick/protocol';
import type { Outcome } from './actions.ts';
import type { Agent } from './agent.ts';
import type { Manner } from './deeds.ts';
import type { Fate } from './fate.ts';
import type { Fault } from './faults.ts';
import type { World } from './world.ts';

const COUNTED_AS: Readonly<Record<Manner, Fault>> = {
  early: 'lostReportedEarly',
  late: 'lostReportedLate',
  falsely: 'lostReportedFalsely',
};

/**
 * The holder tells the participant that the device is gone. Early, it is at once, and nobody has it;
 * late, somebody has found it and spent from it; falsely, the holder goes on using it.
 */
export async function reportLost(
  world: World,
  agent: Agent,
  manner: Manner,
  fate: Fate,
): Promise<Outcome> {
  if (agent.isReported) return 'not there';
  if (manner === 'falsely') world.truth.tampered(agent.name);
  else if (agent.isBusy) return 'not there';
  else agent.vanish();
  const purse = await purseOf(world, agent);
  if (purse === null) return 'no purse';
  const reported = await world.office.ask((backend) => backend.reportLost(purse), fate);
  if (reported === null) return 'nobody hears it';
  if (!reported.ok) return reported.error.code;
  agent.isReported = true;
  world.counts[COUNTED_AS[manner]]++;
  return 'done';
}

/** The purse on the device; an account may have others, whose enrolment nobody heard the end of. */
async function purseOf({ truth, office }: World, { name }: Agent): Promise<string | null> {
  const certificate = truth.purse(name)?.keys.at(-1)?.certificate;
  if (certificate === undefined) return null;
  const ref = toHex(decodePurseCertificate(certificate).ref);
  const [row] = await office.store.certificates([ref]);
  return row?.purse ?? null;
}

/** Refunds what is due by now, as the backend does from time to time. */
export async function refund(world: World, fate: Fate): Promise<Outcome> {
  const made = await world.office.ask(
    async (backend) => ({ ok: true as const, value: await backend.refundLost() }),
    fate,
  );
  return made?.ok === true ? `${made.value} refunded` : 'the backend failed';
}
