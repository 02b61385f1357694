import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import { addDeviceRoutes } from './device-routes.ts';
import { answerFailure } from './failure.ts';
import { createMetrics } from './metrics.ts';
import type { OperatorOptions } from './operator.ts';
import { addOperatorRoutes } from './operator-routes.ts';
import { addPage } from './page.ts';
import { problem } from './problem.ts';
import { addPublicRoutes } from './public-routes.ts';
import { addSandboxRoutes } from './sandbox-routes.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { addSignIn } from './sign-in-routes.ts';

export interface AppOptions extends OperatorOptions {
  /** Milliseconds on a clock that may be read twice and subtracted. */
  readonly nowMs: () => number;
  /** Whether requests can be served; rejects or resolves to false when not. */
  readonly ready: () => Promise<boolean>;
  /** Told of every failure that is not the caller's. */
  readonly log: (line: string) => void;
}

/** The backend's HTTP interface: devices, operators, health, metrics, its own description, a page. */
export function createApp(options: AppOptions): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const detail = result.error.issues
        .map(({ path, message }) => `${path.join('.')}: ${message}`)
        .join('; ');
      return problem(context, 'BAD_REQUEST', detail);
    },
  });
  const metrics = createMetrics();
  app.use(async (context, next) => {
    const startedMs = options.nowMs();
    await next();
    for (const [name, value] of SECURITY_HEADERS) context.res.headers.set(name, value);
    const seconds = (options.nowMs() - startedMs) / 1000;
    metrics.observe(routeOf(context), context.req.method, context.res.status, seconds);
  });
  app.onError((error, context) => answerFailure(error, context, options.log));
  app.notFound((context) => problem(context, 'NOT_FOUND', context.req.path));
  addPublicRoutes(app, options, metrics);
  addDeviceRoutes(app, options.backend);
  addOperatorRoutes(app, options);
  addSignIn(app, options);
  addSandboxRoutes(app, options.backend);
  addPage(app);
  app.openAPIRegistry.registerComponent('securitySchemes', 'operator', {
    type: 'http',
    scheme: 'bearer',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'staff', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-tallystick-staff',
    description:
      'A session of a member of staff; without TLS, on one machine, its name has no prefix.',
  });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Tallystick backend',
      version: '0',
      description:
        'Offline digital cash: enrolment, loads and syncs of devices (deterministic CBOR, ' +
        'authenticated by signatures), and reports for operators (JSON, behind a bearer token or a sign-in).',
    },
  });
  return app;
}

/** The pattern of the route that answered; paths themselves hold ids. */
function routeOf(context: Context): string {
  const pattern = routePath(context, -1);
  return context.res.status === 404 && pattern.endsWith('*') ? 'none' : pattern;
}
