import { Inbox } from './inbox.ts';
import type { Transport } from './transport.ts';

/** One contact that goes over one medium, and over whatever others join it while it lasts. */
export interface Joinable {
  readonly transport: Transport;
  /** Takes a link in. It is told how the contact began; its end ends no more than itself. */
  readonly join: (link: Transport) => void;
}

/**
 * Lets other links join a contact that has begun, such as a tap while the request is on the screen. How it begins is
 * told on all of them; whatever comes from any is read, and answered where it came from: that is its medium from then
 * on. It ends with the one that it began with.
 */
export function joinable(first: Transport): Joinable {
  const links = new Set([first]);
  const inbox = new Inbox();
  let opening: Uint8Array | null = null;
  /** Where the last frame came from. */
  let heard: Transport | null = null;

  const listen = async (link: Transport): Promise<void> => {
    for (let frame = await link.receive(); frame !== null; frame = await link.receive()) {
      heard = link;
      inbox.put(frame);
    }
    links.delete(link);
    if (link === first) await close();
  };
  const close = async (): Promise<void> => {
    inbox.end();
    await Promise.all([...links].map((link) => link.close()));
  };
  listen(first).catch(() => inbox.end());

  return {
    transport: {
      get medium() {
        return (heard ?? first).medium;
      },
      send: async (frame) => {
        opening ??= frame.slice();
        const listeners = heard === null ? [...links] : [heard];
        await Promise.all(listeners.map((link) => link.send(frame)));
      },
      receive: () => inbox.take(),
      close,
    },
    join: (link) => {
      links.add(link);
      listen(link).catch(() => links.delete(link));
      if (opening !== null) link.send(opening).catch(() => links.delete(link));
    },
  };
}
