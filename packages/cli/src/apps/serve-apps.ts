import type { RunningServer } from '@tallystick/backend';
import { buildElementSite } from '@tallystick/tre/site';
import { buildTerminalSite } from '@tallystick/terminal-app/site';
import { buildWalletSite } from '@tallystick/wallet-app/site';
import { Origins, type OriginsOptions } from './origins.ts';
import { interfaceOf, nothingElse } from './static-answer.ts';

/** Origin of each app. */
interface AppAddresses {
  readonly wallet: string;
  /** The element that has the purses; nothing to look at. */
  readonly element: string;
  readonly terminal: string;
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
  { answer, backend }: Pick<RunningServer, 'answer' | 'backend'>,
  options: OriginsOptions,
): Promise<RunningApps> {
  const origins = new Origins(options);
  try {
    // They name each other in what they are built with, so all listen before any has something to serve.
    const wallet = await origins.next();
    const element = await origins.next();
    const terminal = await origins.next();
    const at: AppAddresses = {
      wallet: wallet.url,
      element: element.url,
      terminal: terminal.url,
    };
    const { publisher } = backend.authority;
    element.serve(
      await buildElementSite({ apps: [at.wallet, at.terminal], publisher }),
      nothingElse,
    );
    wallet.serve(await buildWalletSite({ element: at.element }), interfaceOf(answer));
    terminal.serve(await buildTerminalSite({ element: at.element }), interfaceOf(answer));
    return { at, stop: () => origins.stop() };
  } catch (error) {
    await origins.stop();
    throw error;
  }
}
