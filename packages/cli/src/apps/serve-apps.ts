import { type Answer, listen, type Listening, type RunningServer } from '@tallystick/backend';
import { buildElementSite, type SiteFile } from '@tallystick/tre/site';
import { buildWalletSite } from '@tallystick/wallet-app/site';
import { interfaceOf, nothingElse, staticAnswer } from './static-answer.ts';

/** Where the apps can be opened. */
export interface RunningApps {
  readonly wallet: string;
  /** The element that has the purses; nothing to look at. */
  readonly element: string;
  stop(): Promise<void>;
}

export interface AppsOptions {
  readonly host: string;
  /** Of the first app; the others have the next ones. 0 for any free ones. */
  readonly port: number;
  readonly log: (line: string) => void;
}

/**
 * Serves the apps of a backend, each on an origin of its own, which is a port here.
 *
 * @throws ServerError
 */
export async function serveApps(
  { answer, backend }: Pick<RunningServer, 'answer' | 'backend'>,
  options: AppsOptions,
): Promise<RunningApps> {
  const opened: Listening[] = [];
  const stop = async (): Promise<void> => {
    for (const each of opened) await each.stop();
  };
  try {
    // Each names the other in what it is built with, so both listen before either has anything to serve.
    const [wallet, element] = [await openOrigin(options, 0), await openOrigin(options, 1)];
    opened.push(wallet.listening, element.listening);
    const [walletUrl, elementUrl] = [wallet.listening.url, element.listening.url];
    const { publisher } = backend.authority;
    element.serve(await buildElementSite({ apps: [walletUrl], publisher }), nothingElse);
    wallet.serve(await buildWalletSite({ element: elementUrl }), interfaceOf(answer));
    return { wallet: walletUrl, element: elementUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Origin {
  readonly listening: Listening;
  readonly serve: (files: readonly SiteFile[], other: Answer) => void;
}

async function openOrigin({ host, port, log }: AppsOptions, place: number): Promise<Origin> {
  let current: Answer = nothingElse;
  const at = { host, port: port === 0 ? 0 : port + place, log };
  const listening = await listen(at, (request) => current(request));
  return {
    listening,
    serve: (files, other) => {
      current = staticAnswer(files, other);
    },
  };
}
