import { Inbox } from './inbox.ts';
import type { Transport } from './transport.ts';

/** One contact that goes over one medium, and over whatever others join it while it lasts. */
export interface Joinable {
  readonly transport: Transport;
  /** Takes a link in. It is told how the contact began; its end ends no more than itself. */
  readonly join: (link: Transport) => void;
}

/**
 * Lets other links join a contact that has begun, such as a tap while the request is on the screen: what is sent goes
 * to all of them, and whatever comes from any is read. It ends with the medium that it began with.
 */
export function joinable(first: Transport): Joinable {
  const links = new Set([first]);
  const inbox = new Inbox();
  let opening: Uint8Array | null = null;

  const listen = async (link: Transport): Promise<void> => {
    for (let frame = await link.receive(); frame !== null; frame = await link.receive()) {
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
      kind: first.kind,
      send: async (frame) => {
        opening ??= frame.slice();
        await Promise.all([...links].map((link) => link.send(frame)));
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
