import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Grant } from '../staff/registering.ts';
import type { Opened } from '../staff/signing-in.ts';
import type { Place } from '../staff/place.ts';
import { demandType, JSON_BYTES_MAX, limitBody } from './body.ts';
import { sessionOf } from './guard.ts';
import { toInstant } from './money.ts';
import { json, JSON_TYPE, type OperatorOptions } from './operator.ts';
import { problem, PROBLEMS, refusal } from './problem.ts';
import { consoleOf } from './same-origin.ts';
import { giveToken, takeToken, tokenOf } from './session-cookie.ts';
import { bearingOf } from './token.ts';
import {
  authenticatorData,
  clientData,
  credentialId,
  invitationCode,
  memberSchema,
  staffName,
} from './views/staff.ts';

const tags = ['staff'];
const bodyOf = <T extends z.ZodType>(
  schema: T,
): {
  middleware: [ReturnType<typeof demandType>, ReturnType<typeof limitBody>];
  request: { body: { required: true; content: { [JSON_TYPE]: { schema: T } } } };
} => ({
  middleware: [demandType(JSON_TYPE), limitBody(JSON_BYTES_MAX)],
  request: { body: { required: true, content: { [JSON_TYPE]: { schema } } } },
});

const stateSchema = z
  .object({
    member: memberSchema.nullable(),
    expires: z.iso.datetime().nullable(),
    isFirst: z.boolean().openapi({
      description: 'Nobody is a member yet: the operator token lets the first one register.',
    }),
  })
  .openapi('StaffSession');
const openedSchema = z
  .object({ member: memberSchema, expires: z.iso.datetime() })
  .openapi('OpenedSession');

/** How staff sign in at a console: passkeys, and a session in a cookie that no script reads. */
export function addSignIn(app: OpenAPIHono, options: OperatorOptions): void {
  addState(app, options);
  addSigningIn(app, options);
  addRegistering(app, options);
}

function addState(app: OpenAPIHono, { staff }: OperatorOptions): void {
  const path = '/v1/session';
  const reading = createRoute({
    tags,
    method: 'get',
    path,
    summary: 'Who is signed in',
    responses: { 200: json(stateSchema, 'Perhaps nobody.'), ...PROBLEMS },
  });
  app.openapi(reading, async (context) => {
    const signedIn = await sessionOf(context, staff);
    const { id, name } = signedIn?.member ?? { id: '', name: '' };
    return context.json(
      {
        member: signedIn === null ? null : { id, name },
        expires: signedIn === null ? null : toInstant(signedIn.expires),
        isFirst: await staff.isEmpty(),
      },
      200,
    );
  });
  const ending = createRoute({
    tags,
    method: 'delete',
    path,
    summary: 'Signs out',
    responses: { 204: { description: 'Nobody is signed in.' }, ...PROBLEMS },
  });
  app.openapi(ending, async (context) => {
    if (consoleOf(context, staff) === null) return problem(context, 'FOREIGN_ORIGIN');
    const token = tokenOf(context);
    if (token !== null) await staff.signOut(token);
    takeToken(context);
    return context.body(null, 204);
  });
}

const requestSchema = z
  .object({ challenge: z.string(), relyingParty: z.string() })
  .openapi('SignInOptions');
const assertionSchema = z
  .strictObject({
    id: credentialId,
    clientData,
    authenticatorData,
    signature: authenticatorData,
  })
  .openapi('Assertion');

function addSigningIn(app: OpenAPIHono, { staff }: OperatorOptions): void {
  const offering = createRoute({
    tags,
    method: 'post',
    path: '/v1/session/options',
    summary: 'A challenge to sign in with',
    responses: { 200: json(requestSchema, 'For `navigator.credentials.get`.'), ...PROBLEMS },
  });
  app.openapi(offering, (context) => {
    const place = consoleOf(context, staff);
    if (place === null) return problem(context, 'FOREIGN_ORIGIN');
    return context.json(staff.offerSignIn(place), 200);
  });
  const opening = createRoute({
    tags,
    method: 'post',
    path: '/v1/session',
    summary: 'Signs in with a passkey; the session is in a cookie',
    ...bodyOf(assertionSchema),
    responses: { 201: json(openedSchema, 'Signed in.'), ...PROBLEMS },
  });
  app.openapi(opening, async (context) => {
    const place = consoleOf(context, staff);
    if (place === null) return problem(context, 'FOREIGN_ORIGIN');
    const signedIn = await staff.signIn(place, context.req.valid('json'));
    if (!signedIn.ok) return refusal(context, signedIn.error);
    return context.json(welcome(context, place, signedIn.value), 201);
  });
}

const grantFields = {
  name: staffName.optional().openapi({ description: 'Of a new member, with the operator token.' }),
  invitation: invitationCode.optional(),
};
const grantSchema = z.strictObject(grantFields).openapi('RegistrationGrant');
const creationSchema = z
  .object({
    challenge: z.string(),
    relyingParty: z.string(),
    user: z.string(),
    name: z.string(),
    algorithms: z.array(z.number().int()).readonly(),
    exclude: z.array(z.string()).readonly(),
  })
  .openapi('RegistrationOptions');
const registrationSchema = z
  .strictObject({
    ...grantFields,
    id: credentialId,
    clientData,
    attestation: authenticatorData,
    label: staffName.openapi({ description: 'What the passkey is called.' }),
  })
  .openapi('Registration');

function addRegistering(app: OpenAPIHono, options: OperatorOptions): void {
  const { staff } = options;
  const grantOf = granting(options);
  const offering = createRoute({
    tags,
    method: 'post',
    path: '/v1/registrations/options',
    summary:
      'A challenge to register a passkey by: with the operator token, an invitation, or signed in',
    ...bodyOf(grantSchema),
    responses: { 200: json(creationSchema, 'For `navigator.credentials.create`.'), ...PROBLEMS },
  });
  app.openapi(offering, async (context) => {
    const place = consoleOf(context, staff);
    if (place === null) return problem(context, 'FOREIGN_ORIGIN');
    const grant = await grantOf(context, context.req.valid('json'));
    if (grant === null) return problem(context, 'UNAUTHORISED');
    const offered = await staff.offerPasskey(grant, place);
    return offered.ok ? context.json(offered.value, 200) : refusal(context, offered.error);
  });
  const registering = createRoute({
    tags,
    method: 'post',
    path: '/v1/registrations',
    summary: 'Registers a passkey, and signs its member in',
    ...bodyOf(registrationSchema),
    responses: { 201: json(openedSchema, 'Registered.'), ...PROBLEMS },
  });
  app.openapi(registering, async (context) => {
    const place = consoleOf(context, staff);
    if (place === null) return problem(context, 'FOREIGN_ORIGIN');
    const { name, invitation, label, ...made } = context.req.valid('json');
    const grant = await grantOf(context, { name, invitation });
    if (grant === null) return problem(context, 'UNAUTHORISED');
    const registered = await staff.register(grant, place, made, label);
    if (!registered.ok) return refusal(context, registered.error);
    return context.json(welcome(context, place, registered.value), 201);
  });
}

interface Asked {
  readonly name?: string | undefined;
  readonly invitation?: string | undefined;
}

/** By what a passkey may be registered here; null by nothing. */
function granting({
  staff,
  token,
}: OperatorOptions): (context: Context, asked: Asked) => Promise<Grant | null> {
  const bearing = bearingOf(token);
  return async (context, { name, invitation }) => {
    const borne = bearing(context);
    if (borne === 'wrong') return null;
    if (borne === 'right') return name === undefined ? null : { kind: 'operator', name };
    if (invitation !== undefined) return { kind: 'invitation', code: invitation };
    const signedIn = await sessionOf(context, staff);
    return signedIn === null ? null : { kind: 'member', id: signedIn.member.id };
  };
}

function welcome(
  context: Context,
  place: Place,
  { token, member, expires }: Opened,
): z.infer<typeof openedSchema> {
  giveToken(context, place, token);
  const { id, name } = member;
  return { member: { id, name }, expires: toInstant(expires) };
}
