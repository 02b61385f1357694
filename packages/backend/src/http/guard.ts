import type { Context, MiddlewareHandler } from 'hono';
import { bytesOf } from '../staff/parts.ts';
import { STAFF_LIMITS } from '../staff/limits.ts';
import type { SignedIn } from '../staff/sessions.ts';
import type { Staff } from '../staff/staff.ts';
import { problem } from './problem.ts';
import { consoleOf, isFromElsewhere } from './same-origin.ts';
import { tokenOf } from './session-cookie.ts';
import { bearingOf } from './token.ts';

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Lets machines pass by the operator's bearer token, and members of staff by their session. What a session
 * changes is asked for by a console alone, and kept with the name of who did.
 */
export function demandOperator(token: string, staff: Staff): MiddlewareHandler {
  const bearing = bearingOf(token);
  return async (context, next) => {
    const borne = bearing(context);
    if (borne === 'right') {
      await next();
      return undefined;
    }
    const signedIn = borne === 'none' ? await sessionOf(context, staff) : null;
    if (signedIn === null) {
      context.header('WWW-Authenticate', 'Bearer realm="operator"');
      return problem(context, 'UNAUTHORISED');
    }
    const isReading = READING.has(context.req.method);
    const isOurs = isReading ? !isFromElsewhere(context) : consoleOf(context, staff) !== null;
    if (!isOurs) return problem(context, 'FOREIGN_ORIGIN');
    await next();
    if (!isReading && context.res.status < 400) await note(context, staff, signedIn);
    return undefined;
  };
}

/** Who is signed in where the request comes from; null when nobody is. */
export async function sessionOf(context: Context, staff: Staff): Promise<SignedIn | null> {
  const token = tokenOf(context);
  return token === null ? null : staff.session(token);
}

async function note(context: Context, staff: Staff, { member }: SignedIn): Promise<void> {
  const isJson = context.req.header('content-type')?.startsWith('application/json') === true;
  const body = isJson ? JSON.stringify(JSON.parse(await context.req.text())) : '';
  await staff.note({
    member: bytesOf(member.id),
    name: member.name,
    request: oneLine(`${context.req.method} ${context.req.path}`),
    body: body === '' ? null : oneLine(body),
  });
}

/** What fits a line: the rest of a long request is cut, and what does not show is marked. */
function oneLine(text: string): string {
  const ascii = text.replaceAll(/[^\x20-\x7e]/g, '?');
  return ascii.slice(0, STAFF_LIMITS.deedBytes);
}
