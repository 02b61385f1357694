import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { encodeCbor } from '@tallystick/protocol';
import type { Context } from 'hono';
import type { Outcome } from '../outcome.ts';
import type { Backend } from '../service/backend.ts';
import { CBOR, demandType, limitBody, MESSAGE_BYTES_MAX, UPLOAD_BYTES_MAX } from './body.ts';
import { addDeviceImages } from './image-routes.ts';
import { PROBLEMS, refusal } from './problem.ts';
import { addStatusList } from './status-list-route.ts';

const bytes = z.any().openapi({ type: 'string', format: 'binary' });

interface Exchange {
  readonly path: string;
  readonly summary: string;
  readonly maxBytes: number;
  readonly carryOut: (body: Uint8Array) => Promise<Outcome<Uint8Array>>;
}

interface Document {
  readonly path: string;
  readonly summary: string;
  readonly type: string;
  readonly read: () => Promise<Uint8Array>;
}

/**
 * What devices call (TS-API-1): deterministic CBOR both ways. Devices show who they are by the
 * signatures in the bodies; every request may be repeated and gets the same answer.
 */
export function addDeviceRoutes(app: OpenAPIHono, backend: Backend): void {
  const exchanges: readonly Exchange[] = [
    {
      path: '/v1/sealed-challenges',
      summary: 'Makes a challenge that only the introduced hardware can read (TS-ATT-3)',
      maxBytes: MESSAGE_BYTES_MAX,
      carryOut: (body) => backend.sealedChallenge(body),
    },
    {
      path: '/v1/enrolments',
      summary: 'Asks for the first certificate of a new key (TS-ENR-2)',
      maxBytes: MESSAGE_BYTES_MAX,
      carryOut: (body) => backend.enrol(body),
    },
    {
      path: '/v1/loads',
      summary: 'Loads a purse from its account: a signed request for a signed payment (TS-PAY-12)',
      maxBytes: MESSAGE_BYTES_MAX,
      carryOut: (body) => backend.load(body),
    },
    {
      path: '/v1/syncs',
      summary: 'Uploads a log and gets the answer, closures and newer issuer data (TS-SYN-2)',
      maxBytes: UPLOAD_BYTES_MAX,
      carryOut: (body) => backend.sync(body),
    },
    {
      path: '/v1/renewals',
      summary: 'Asks for the certificate of a key that the old key names (TS-LOG-5)',
      maxBytes: MESSAGE_BYTES_MAX,
      carryOut: (body) => backend.renew(body),
    },
  ];
  const documents: readonly Document[] = [
    {
      path: '/v1/policy',
      summary: 'The risk policy in force (TS-POL-1)',
      type: 'application/cose',
      read: () => Promise.resolve(backend.authority.policy.wire),
    },
    {
      path: '/v1/authorities',
      summary: 'Certificates of the operator and of every participant (TS-CRT-1)',
      type: CBOR,
      read: () => Promise.resolve(encodeCbor(backend.authorities())),
    },
  ];
  addChallenge(app, backend);
  addStatusList(app, backend);
  addDeviceImages(app, backend);
  for (const exchange of exchanges) addExchange(app, exchange);
  for (const document of documents) addDocument(app, document);
}

function addChallenge(app: OpenAPIHono, backend: Backend): void {
  const route = createRoute({
    method: 'post',
    path: '/v1/enrolment-challenges',
    tags: ['devices'],
    summary: 'Makes a challenge of 32 bytes for an enrolment or renewal (TS-ENR-1)',
    responses: {
      200: {
        description: 'The challenge.',
        content: { 'application/octet-stream': { schema: bytes } },
      },
      ...PROBLEMS,
    },
  });
  app.openapi(route, (context) => send(context, backend.challenge(), 'application/octet-stream'));
}

function addExchange(app: OpenAPIHono, { path, summary, maxBytes, carryOut }: Exchange): void {
  const content = { [CBOR]: { schema: bytes } };
  const route = createRoute({
    method: 'post',
    path,
    tags: ['devices'],
    summary,
    middleware: [demandType(CBOR), limitBody(maxBytes)],
    request: { body: { required: true, content } },
    responses: { 200: { description: 'The reply.', content }, ...PROBLEMS },
  });
  app.openapi(route, async (context) => {
    const outcome = await carryOut(new Uint8Array(await context.req.arrayBuffer()));
    return outcome.ok ? send(context, outcome.value, CBOR) : refusal(context, outcome.error);
  });
}

function addDocument(app: OpenAPIHono, { path, summary, type, read }: Document): void {
  const route = createRoute({
    method: 'get',
    path,
    tags: ['devices'],
    summary,
    responses: {
      200: { description: 'The document.', content: { [type]: { schema: bytes } } },
      ...PROBLEMS,
    },
  });
  app.openapi(route, async (context) => send(context, await read(), type));
}

function send(context: Context, body: Uint8Array, type: string): Response {
  return context.body(Uint8Array.from(body), 200, { 'Content-Type': type });
}
