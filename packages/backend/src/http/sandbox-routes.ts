import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { currencyRow } from '@tallystick/protocol';
import { refuse } from '../outcome.ts';
import type { Account, AccountName } from '../rail/rail.ts';
import type { Backend } from '../service/backend.ts';
import { demandType, JSON_BYTES_MAX, limitBody } from './body.ts';
import { json, JSON_TYPE } from './operator.ts';
import { PROBLEMS, problem, refusal } from './problem.ts';
import { accountSchema, acceptancePoint, viewAccount } from './views/account.ts';

/** Play money that a new account starts with, in units of the currency. */
const OPENING_UNITS = 500n;

/**
 * 128 bits that the holder's app draws: whoever knows the name is the holder, since a sandbox has no bank that
 * could ask who somebody is.
 */
const accountName = z.string().regex(/^[0-9a-f]{32}$/);
const openingSchema = z
  .object({ participant: z.string(), account: accountName, acceptancePoint })
  .openapi('SandboxOpening');

/**
 * What stands in for a participant's online bank, so that somebody new has an account to load from. In a
 * sandbox only: elsewhere accounts are the participants' own, and these paths are not there.
 */
export function addSandboxRoutes(app: OpenAPIHono, backend: Backend): void {
  if (!backend.authority.scheme.sandbox) return;
  addOpening(app, backend);
  addReading(app, backend);
}

function addOpening(app: OpenAPIHono, backend: Backend): void {
  const route = createRoute({
    method: 'post',
    path: '/v1/sandbox/accounts',
    tags: ['sandbox'],
    summary: 'Opens an account of the name that the holder drew, with play money on it',
    middleware: [demandType(JSON_TYPE), limitBody(JSON_BYTES_MAX)],
    request: { body: { required: true, content: { [JSON_TYPE]: { schema: openingSchema } } } },
    responses: { 200: json(accountSchema, 'It is open; again, as it is now.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => {
    const wanted = context.req.valid('json');
    if (backend.authority.participant(wanted.participant) === undefined) {
      return refusal(context, refuse('UNKNOWN_PARTICIPANT', wanted.participant).error);
    }
    const { currency } = backend.authority.scheme;
    const balance = OPENING_UNITS * 10n ** BigInt(currencyRow(currency).exponent);
    const opened = await backend.rail.open({ ...wanted, currency, balance });
    if (opened.ok) return context.json(viewAccount(opened.value), 200);
    // A reply that was lost is asked for again.
    const open = await sameAccount(backend, wanted);
    return open === null ? refusal(context, opened.error) : context.json(viewAccount(open), 200);
  });
}

async function sameAccount(
  { rail }: Backend,
  wanted: Pick<Account, 'participant' | 'account' | 'acceptancePoint'>,
): Promise<Account | null> {
  const open = await rail.account(wanted);
  return open?.acceptancePoint === wanted.acceptancePoint ? open : null;
}

function addReading(app: OpenAPIHono, backend: Backend): void {
  const params = z.object({ participant: z.string(), account: accountName });
  const route = createRoute({
    method: 'get',
    path: '/v1/sandbox/accounts/{participant}/{account}',
    tags: ['sandbox'],
    summary: "What is on the holder's own account",
    request: { params },
    responses: { 200: json(accountSchema, 'The account.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => {
    const name: AccountName = context.req.valid('param');
    const account = await backend.rail.account(name);
    return account === null
      ? problem(context, 'NOT_FOUND', `no account ${name.account}`)
      : context.json(viewAccount(account), 200);
  });
}
