import type { Bytes } from '@tallystick/protocol';
import type { Transport } from '@tallystick/wallet';

/** A transport whose frames are kept, in the order in which they went by. */
export interface Recording {
  readonly transport: Transport;
  readonly frames: () => readonly Bytes[];
}

/** Frames of one payment: request, payment, receipt. What follows is gossip. */
const FRAMES_MAX = 3;

/** Keeps the frames of a payment: with them whoever was there, and nobody else, can show that it was made. */
export function recording(transport: Transport): Recording {
  const frames: Bytes[] = [];
  const keep = (frame: Bytes): void => {
    if (frames.length < FRAMES_MAX) frames.push(frame.slice());
  };
  return {
    frames: () => frames,
    transport: {
      kind: transport.kind,
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
