import {
  type RunningServer,
  SchemeError,
  type ServerOptions,
  startServer,
} from '@tallystick/backend';
import { Failure } from '../command/failure.ts';

/**
 * Starts the backend with its HTTP interface.
 *
 * @throws errors with a stable code and a message that says what to do
 */
export async function startBackend(options: ServerOptions): Promise<RunningServer> {
  try {
    return await startServer(options);
  } catch (error) {
    if (error instanceof SchemeError) throw new Failure('BAD_SCHEME', error.message);
    throw error;
  }
}
