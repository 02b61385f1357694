import { LIMITS } from '@tallystick/protocol';
import { Inbox } from '../transport/inbox.ts';
import { checkFrame, type Transport } from '../transport/transport.ts';

/** What is posted where a side has ended. */
const END = null;

/**
 * Frames over a MessagePort: what a tap is between two pages that a third one brings together. Whatever is no frame is
 * passed over.
 */
export function portTransport(port: MessagePort): Transport {
  const inbox = new Inbox();
  port.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data === END) inbox.end();
    else if (isFrame(data)) inbox.put(data);
  });
  port.start();
  return {
    medium: 'link',
    send: async (frame) => port.postMessage(checkFrame(frame)),
    receive: () => inbox.take(),
    close: async () => {
      inbox.end();
      port.postMessage(END);
      port.close();
    },
  };
}

function isFrame(data: unknown): data is Uint8Array {
  return data instanceof Uint8Array && data.length > 0 && data.length <= LIMITS.frameBytes;
}
