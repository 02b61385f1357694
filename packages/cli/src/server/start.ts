import {
  type RunningServer,
  SchemeError,
  type ServerOptions,
  startServer,
} from '@tallystick/backend';
import { bundleTrustedApp } from '@tallystick/tre/image';
import { Failure } from '../command/failure.ts';

/**
 * Starts the backend with its HTTP interface. A sandbox registers the trusted application of these very
 * sources as its newest image.
 *
 * @throws errors with a stable code and a message that says what to do
 */
export async function startBackend(
  options: Omit<ServerOptions, 'ownImage'>,
): Promise<RunningServer> {
  try {
    return await startServer({ ...options, ownImage: (await bundleTrustedApp()).code });
  } catch (error) {
    if (error instanceof SchemeError) throw new Failure('BAD_SCHEME', error.message);
    throw error;
  }
}
