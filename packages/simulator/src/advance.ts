import { auditBackend, auditEnd, auditStep } from './auditor.ts';
import { comeHome } from './calm.ts';
import type { World } from './world.ts';

/** Steps that the calm may take at most: a world that never comes to rest is a fault of its own. */
const CALM_STEPS_MAX = 2_000_000;
/** The backend's books are looked at once in so many steps, and at the end. */
const BACKEND_AUDIT_EVERY = 25;

/** One step: the next scheduled event, everything it sets in motion at once, and the audit. */
export async function advance(world: World): Promise<boolean> {
  if (world.violations.length > 0 || !world.schedule.next()) return false;
  world.step++;
  await settle();
  await auditStep(world);
  if (world.step % BACKEND_AUDIT_EVERY === 0) await auditBackend(world);
  return world.violations.length === 0;
}

/** Runs what is scheduled until nothing is left, or something is violated. */
export async function runOut(world: World): Promise<void> {
  const last = world.step + CALM_STEPS_MAX;
  await settle();
  while (world.schedule.pending > 0 && world.violations.length === 0 && world.step < last) {
    await advance(world);
  }
}

/** Lets everybody come home, and looks at what is left. */
export async function finish(world: World): Promise<void> {
  if (world.violations.length > 0) return;
  await comeHome(world, () => runOut(world));
  await auditStep(world);
  if (world.violations.length === 0) await auditEnd(world);
}

/** Lets everything that waits for no event run to its end: a turn of the event loop follows all of it. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
