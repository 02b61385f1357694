import { Mailbox } from '../../isolated/mailbox.ts';
import type { MessagePort as BytePort } from '../../isolated/port.ts';

/** One end of a channel between windows or workers. It tells nobody when the other end is gone. */
export function channelPort(port: MessagePort, mailbox: Mailbox = new Mailbox()): BytePort {
  port.addEventListener('message', ({ data }: MessageEvent<unknown>) => mailbox.deliver(data));
  port.addEventListener('messageerror', () => mailbox.end('a message did not cross'));
  port.start();
  return {
    send: (message) => port.postMessage(message),
    receive: () => mailbox.receive(),
  };
}
