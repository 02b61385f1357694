import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { attempt, decodeSignedImage, fromHex, LIMITS, NO_END, toHex } from '@tallystick/protocol';
import { acceptedUntil, type RegisteredImage } from '../images/registry.ts';
import type { Backend } from '../service/backend.ts';
import { CBOR, demandType, JSON_BYTES_MAX, limitBody } from './body.ts';
import { idempotent } from './idempotency.ts';
import { toInstant } from './money.ts';
import { json, JSON_TYPE, keyHeader, type OperatorOptions, OPERATORS } from './operator.ts';
import { problem, PROBLEMS, refusal } from './problem.ts';

const bytes = z.any().openapi({ type: 'string', format: 'binary' });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const COSE = 'application/cose';
const SCRIPT = 'text/javascript';
/** What a hash names never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Where devices get the trusted application (TS-IMG-6). */
export function addDeviceImages(app: OpenAPIHono, backend: Backend): void {
  const offered = createRoute({
    method: 'get',
    path: '/v1/image',
    tags: ['devices'],
    summary: 'The signed manifest of the image that devices are to run (TS-IMG-6)',
    responses: {
      200: { description: 'The manifest.', content: { [COSE]: { schema: bytes } } },
      ...PROBLEMS,
    },
  });
  app.openapi(offered, async (context) => {
    const image = await backend.offeredImage();
    if (image === null) return problem(context, 'NOT_FOUND', 'no image is registered yet');
    return context.body(Uint8Array.from(image.wire), 200, { 'Content-Type': COSE });
  });
  const code = createRoute({
    method: 'get',
    path: '/v1/image/{sha256}',
    tags: ['devices'],
    summary: 'The image with that SHA-256, a script (TS-TRE-5)',
    request: { params: z.object({ sha256 }) },
    responses: {
      200: { description: 'The image.', content: { [SCRIPT]: { schema: bytes } } },
      ...PROBLEMS,
    },
  });
  app.openapi(code, async (context) => {
    const named = context.req.valid('param').sha256;
    const found = await backend.imageCode(fromHex(named) ?? new Uint8Array(0));
    if (found === null) return problem(context, 'NOT_FOUND', `no image ${named}`);
    const headers = { 'Content-Type': SCRIPT, 'Cache-Control': FOR_EVER };
    return context.body(Uint8Array.from(found), 200, headers);
  });
}

interface ImageView {
  readonly version: number;
  readonly sha256: string;
  readonly size: number;
  readonly state: 'newest' | 'superseded' | 'withdrawn';
  readonly registeredAt: string;
  /** RFC 3339; null where there is no end in sight. */
  readonly acceptedUntil: string | null;
}

const imageSchema: z.ZodType<ImageView> = z
  .object({
    version: z.number().int().openapi({ description: 'Its row in the measurement registry.' }),
    sha256: sha256.openapi({ description: 'Its measurement.' }),
    size: z.number().int(),
    state: z.enum(['newest', 'superseded', 'withdrawn']),
    registeredAt: z.iso.datetime(),
    acceptedUntil: z.iso.datetime().nullable().openapi({
      description: 'Payees take money from purses that run it until then; null without an end.',
    }),
  })
  .openapi('Image');

function viewImage(
  { version, sha256: measurement, size, registeredAt }: RegisteredImage,
  end: number | null,
): ImageView {
  const state = end === null ? 'withdrawn' : end === NO_END ? 'newest' : 'superseded';
  return {
    version,
    sha256: toHex(measurement),
    size,
    state,
    registeredAt: toInstant(registeredAt),
    acceptedUntil: state === 'superseded' && end !== null ? toInstant(end) : null,
  };
}

/** What operators do with images: register, withdraw, look (TS-IMG-5). */
export function addImages(app: OpenAPIHono, options: OperatorOptions): void {
  const { backend, store, clock } = options;
  const { supersededSeconds } = backend.authority.scheme;
  const view = async (image: RegisteredImage): Promise<ImageView> =>
    viewImage(image, acceptedUntil(image, await backend.images(), supersededSeconds));
  const listing = createRoute({
    ...OPERATORS,
    method: 'get',
    path: '/v1/images',
    summary: "Registered images of the scheme's publisher, oldest first",
    responses: { 200: json(z.object({ items: z.array(imageSchema) }), 'All.'), ...PROBLEMS },
  });
  app.openapi(listing, async (context) =>
    context.json({ items: await Promise.all((await backend.images()).map(view)) }, 200),
  );
  const registering = createRoute({
    ...OPERATORS,
    method: 'post',
    path: '/v1/images',
    summary: 'Registers an image with its signed manifest; the root signs the next policy',
    middleware: [demandType(CBOR), limitBody(LIMITS.imageBytes + LIMITS.messageBytes + 16)],
    request: { body: { required: true, content: { [CBOR]: { schema: bytes } } } },
    responses: { 201: json(imageSchema, 'It is registered; again, the same.'), ...PROBLEMS },
  });
  app.openapi(registering, async (context) => {
    const body = new Uint8Array(await context.req.arrayBuffer());
    const image = attempt(() => decodeSignedImage(body));
    if (!image.ok) return refusal(context, image.error);
    const registered = await backend.publishImage(image.value);
    if (!registered.ok) return refusal(context, registered.error);
    return context.json(await view(registered.value), 201);
  });
  const wishSchema = z.object({ version: z.number().int() }).openapi('ImageWithdrawal');
  const withdrawing = createRoute({
    ...OPERATORS,
    method: 'post',
    path: '/v1/image-withdrawals',
    summary: 'Withdraws an image for good: the next policy does not list it',
    middleware: [demandType(JSON_TYPE), limitBody(JSON_BYTES_MAX), idempotent(store, clock)],
    request: {
      headers: keyHeader,
      body: { required: true, content: { [JSON_TYPE]: { schema: wishSchema } } },
    },
    responses: { 201: json(imageSchema, 'It is withdrawn.'), ...PROBLEMS },
  });
  app.openapi(withdrawing, async (context) => {
    const withdrawn = await backend.withdrawImage(context.req.valid('json').version);
    if (!withdrawn.ok) return refusal(context, withdrawn.error);
    return context.json(await view(withdrawn.value), 201);
  });
}
