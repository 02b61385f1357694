import type { Answer, Backend } from '@tallystick/backend';
import type { Origin } from './origins.ts';

export interface Controls {
  readonly backend: Pick<Backend, 'revoke'>;
  /** Whatever of a device is reached over the network, by the device's name. */
  readonly devices: ReadonlyMap<string, readonly Origin[]>;
}

const NETWORK = '/playground/network';
const BODY_BYTES = 1_024;

/**
 * What the playground may do that no device and no operator of a scheme could: take away a device's network, and
 * revoke a purse without being staff. For the page of its own origin alone, in a sandbox on this machine.
 */
export function playgroundControls({ backend, devices }: Controls, other: Answer): Answer {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === NETWORK && request.method === 'GET') return Response.json(networkOf(devices));
    const control = CONTROLS[pathname];
    if (control === undefined || request.method !== 'POST') return other(request);
    if (request.headers.get('Sec-Fetch-Site') !== 'same-origin') return said(403, 'FOREIGN_ORIGIN');
    const asked = await bodyOf(request);
    return asked === null ? said(400, 'BAD_REQUEST') : control({ backend, devices }, asked);
  };
}

type Asked = Readonly<Record<string, unknown>>;

const CONTROLS: Readonly<Record<string, (of: Controls, asked: Asked) => Promise<Response>>> = {
  [NETWORK]: async ({ devices }, { device, reachable }) => {
    const origins = typeof device === 'string' ? devices.get(device) : undefined;
    if (origins === undefined) return said(404, 'UNKNOWN_DEVICE');
    if (typeof reachable !== 'boolean') return said(400, 'BAD_REQUEST');
    for (const origin of origins) await origin.setReachable(reachable);
    return said(200, null);
  },
  '/playground/revocations': async ({ backend }, { purse }) => {
    if (typeof purse !== 'string') return said(400, 'BAD_REQUEST');
    const revoked = await backend.revoke(purse, 'stolen');
    return revoked.ok ? said(200, null) : said(409, revoked.error.code);
  },
};

/** By the device's name, whether it has a network. */
function networkOf(devices: Controls['devices']): Readonly<Record<string, boolean>> {
  const entries = [...devices].map(([name, origins]) => [
    name,
    origins.every((origin) => origin.isReachable),
  ]);
  return Object.fromEntries(entries) as Readonly<Record<string, boolean>>;
}

async function bodyOf(request: Request): Promise<Asked | null> {
  const text = await request.text();
  if (text.length > BODY_BYTES) return null;
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as Asked) : null;
  } catch {
    return null;
  }
}

function said(status: number, error: string | null): Response {
  return Response.json({ error }, { status });
}
