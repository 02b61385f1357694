import type { ChildProcess } from 'node:child_process';
import type { Bytes } from '@tallystick/protocol';
import type { MessagePort } from './port.ts';

/** Descriptor of what an app hands to its element: the first behind the standard streams and the port. */
export const HANDED_OVER = 4;

/** The message port between two processes, at either end. */
export function processPort(other: ChildProcess | NodeJS.Process): MessagePort {
  const arrived: Bytes[] = [];
  let waiting: PromiseWithResolvers<Bytes> | null = null;
  let gone: Error | null = null;
  const end = (why: string): void => {
    gone ??= new Error(why);
    waiting?.reject(gone);
    waiting = null;
  };
  other.on('message', (message: unknown) => {
    if (!(message instanceof Uint8Array))
      return end('the other side sent something else than bytes');
    const bytes = new Uint8Array(message);
    if (waiting === null) return void arrived.push(bytes);
    waiting.resolve(bytes);
    waiting = null;
  });
  other.on('disconnect', () => end('the other side has hung up'));
  other.on('error', (error: Error) => end(error.message));
  return {
    send: (message) => {
      // Whoever is gone shows in the next receive.
      other.send?.(message, undefined, undefined, (error) => {
        if (error !== null) end(error.message);
      });
    },
    receive: () => {
      const next = arrived.shift();
      if (next !== undefined) return Promise.resolve(next);
      if (gone !== null) return Promise.reject(gone);
      waiting = Promise.withResolvers<Bytes>();
      return waiting.promise;
    },
  };
}
