import { Mailbox } from '../../isolated/mailbox.ts';
import type { MessagePort as BytePort } from '../../isolated/port.ts';

/** One end of a channel between windows or workers. It tells nobody when the other end is gone. */
export function channelPort(port: MessagePort, mailbox: Mailbox = new Mailbox()): BytePort {
  port.onmessage = ({ data }: MessageEvent<unknown>) => mailbox.deliver(data);
  port.onmessageerror = () => mailbox.end('a message did not cross');
  return {
    send: (message) => port.postMessage(message),
    receive: () => mailbox.receive(),
  };
}
