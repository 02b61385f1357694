import type { RunningServer } from '@tallystick/backend';
import { buildConsoleSite } from '@tallystick/console-app/site';
import { buildElementSite } from '@tallystick/tre/site';
import { buildWalletSite } from '@tallystick/wallet-app/site';
import { Origins, type OriginsOptions } from './origins.ts';
import { interfaceOf, nothingElse } from './static-answer.ts';

/** Origin of each app. */
interface AppAddresses {
  readonly wallet: string;
  /** The element that has the purses; nothing to look at. */
  readonly element: string;
  /** The console of those who run the backend. */
  readonly console: string;
}

export interface RunningApps {
  readonly at: AppAddresses;
  stop(): Promise<void>;
}

/**
 * Serves the apps of a backend, each on an origin of its own.
 *
 * @throws ServerError
 */
export async function serveApps(
  { answer, backend, staff }: Pick<RunningServer, 'answer' | 'backend' | 'staff'>,
  options: OriginsOptions,
): Promise<RunningApps> {
  const origins = new Origins(options);
  try {
    // They name each other in what they are built with, so all listen before any has something to serve.
    const wallet = await origins.next();
    const element = await origins.next();
    const operators = await origins.next();
    const at: AppAddresses = {
      wallet: wallet.url,
      element: element.url,
      console: named(operators.url),
    };
    const { publisher } = backend.authority;
    element.serve(await buildElementSite({ apps: [at.wallet], publisher }), nothingElse);
    wallet.serve(await buildWalletSite({ element: at.element }), interfaceOf(answer));
    operators.serve(await buildConsoleSite(), interfaceOf(answer));
    staff.admit({ origin: at.console, embedders: [] });
    return { at, stop: () => origins.stop() };
  } catch (error) {
    await origins.stop();
    throw error;
  }
}

/** The same origin by name: browsers make passkeys for names alone, not for addresses. */
function named(url: string): string {
  const origin = new URL(url);
  if (LOOPBACK.has(origin.hostname)) origin.hostname = 'localhost';
  return origin.origin;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', '0.0.0.0', '[::]']);
