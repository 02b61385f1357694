import type { ChildProcess } from 'node:child_process';
import { Mailbox } from './mailbox.ts';
import type { MessagePort } from './port.ts';

/** Descriptor of what an app hands to its element: the first behind the standard streams and the port. */
export const HANDED_OVER = 4;

/** The message port between two processes, at either end. */
export function processPort(other: ChildProcess | NodeJS.Process): MessagePort {
  const mailbox = new Mailbox();
  other.on('message', (message: unknown) => mailbox.deliver(message));
  other.on('disconnect', () => mailbox.end('the other side has hung up'));
  other.on('error', (error: Error) => mailbox.end(error.message));
  return {
    send: (message) => {
      // Whoever is gone shows in the next receive.
      other.send?.(message, undefined, undefined, (error) => {
        if (error !== null) mailbox.end(error.message);
      });
    },
    receive: () => mailbox.receive(),
  };
}
