import type { Context } from 'hono';
import type { Place } from '../staff/place.ts';
import type { Staff } from '../staff/staff.ts';

/**
 * The console that a request comes from; null when it comes from elsewhere. A browser says so itself, and no
 * page can have it say otherwise.
 */
export function consoleOf(context: Context, staff: Staff): Place | null {
  const site = context.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') return null;
  return staff.placeOf(context.req.header('origin'));
}

/** Whether a page elsewhere has a browser ask this. Reading has no origin of its own in every browser. */
export function isFromElsewhere(context: Context): boolean {
  const site = context.req.header('sec-fetch-site');
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
