import type { Bytes } from '@tallystick/protocol';
import type { Transport } from '@tallystick/wallet';

/** A transport whose frames are kept, in the order in which they went by. */
export interface Recording {
  readonly transport: Transport;
  readonly frames: () => readonly Bytes[];
}

/** More than a payment needs, since a camera also sees what is about another; each is of bounded length. */
const FRAMES_MAX = 16;

/**
 * Keeps the frames of a payment: with them whoever was there, and nobody else, can show that it was made.
 *
 * @param before what was there already, such as a printed code
 */
export function recording(transport: Transport, before: readonly Bytes[] = []): Recording {
  const frames = [...before];
  const keep = (frame: Bytes): void => {
    if (frames.length < FRAMES_MAX) frames.push(frame.slice());
  };
  return {
    frames: () => frames,
    transport: {
      get medium() {
        return transport.medium;
      },
      send: async (frame) => {
        keep(frame);
        await transport.send(frame);
      },
      receive: async () => {
        const frame = await transport.receive();
        if (frame !== null) keep(frame);
        return frame;
      },
      close: () => transport.close(),
    },
  };
}
