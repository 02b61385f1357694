import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { demandType, JSON_BYTES_MAX, limitBody } from './body.ts';
import { toInstant } from './money.ts';
import { json, JSON_TYPE, type OperatorOptions, OPERATORS } from './operator.ts';
import { PROBLEMS, refusal } from './problem.ts';
import { deedSchema, staffName, staffSchema, viewDeed, viewStaff } from './views/staff.ts';

const memberParam = { params: z.object({ id: z.string().regex(/^[0-9a-f]{32}$/) }) };
const passkeyParam = { params: z.object({ name: z.string().regex(/^[0-9a-f]{64}$/) }) };
const GONE = { 204: { description: 'It is gone.' }, ...PROBLEMS };

/** Who may sign in: list, invite, remove; and what they have done. */
export function addStaff(app: OpenAPIHono, options: OperatorOptions): void {
  addLists(app, options);
  addInvitations(app, options);
  addRemovals(app, options);
}

function addLists(app: OpenAPIHono, { staff }: OperatorOptions): void {
  const members = createRoute({
    ...OPERATORS,
    method: 'get',
    path: '/v1/staff',
    summary: 'Members of staff with their passkeys',
    responses: { 200: json(z.object({ items: z.array(staffSchema) }), 'All.'), ...PROBLEMS },
  });
  app.openapi(members, async (context) =>
    context.json({ items: (await staff.list()).map(viewStaff) }, 200),
  );
  const deeds = createRoute({
    ...OPERATORS,
    method: 'get',
    path: '/v1/staff/deeds',
    summary: 'What members of staff had done last, newest first',
    responses: { 200: json(z.object({ items: z.array(deedSchema) }), 'The last.'), ...PROBLEMS },
  });
  app.openapi(deeds, async (context) =>
    context.json({ items: (await staff.deeds()).map(viewDeed) }, 200),
  );
}

const wishSchema = z.object({ name: staffName }).openapi('InvitationWish');
const invitationSchema = z
  .object({
    name: z.string(),
    expires: z.iso.datetime(),
    code: z.string().openapi({ description: 'Said once; for that person alone.' }),
  })
  .openapi('Invitation');

function addInvitations(app: OpenAPIHono, { staff }: OperatorOptions): void {
  const route = createRoute({
    ...OPERATORS,
    method: 'post',
    path: '/v1/staff/invitations',
    summary: 'Invites somebody to register a passkey, on a device of their own',
    middleware: [demandType(JSON_TYPE), limitBody(JSON_BYTES_MAX)],
    request: { body: { required: true, content: { [JSON_TYPE]: { schema: wishSchema } } } },
    responses: { 201: json(invitationSchema, 'Good for a day, and once.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => {
    const invited = await staff.invite(context.req.valid('json').name);
    if (!invited.ok) return refusal(context, invited.error);
    const { name, expires, code } = invited.value;
    return context.json({ name, expires: toInstant(expires), code }, 201);
  });
}

function addRemovals(app: OpenAPIHono, { staff }: OperatorOptions): void {
  const member = createRoute({
    ...OPERATORS,
    method: 'delete',
    path: '/v1/staff/{id}',
    summary: 'Removes a member of staff: passkeys and sessions end at once',
    request: memberParam,
    responses: GONE,
  });
  app.openapi(member, async (context) => {
    const removed = await staff.remove(context.req.valid('param').id);
    return removed.ok ? context.body(null, 204) : refusal(context, removed.error);
  });
  const passkey = createRoute({
    ...OPERATORS,
    method: 'delete',
    path: '/v1/staff/passkeys/{name}',
    summary: 'Removes a passkey: what was opened with it ends at once',
    request: passkeyParam,
    responses: GONE,
  });
  app.openapi(passkey, async (context) => {
    const removed = await staff.removePasskey(context.req.valid('param').name);
    return removed.ok ? context.body(null, 204) : refusal(context, removed.error);
  });
}
