import { Inbox } from './inbox.ts';
import { receiveOnly, sendOnly } from './one-way.ts';
import { checkFrame, type Transport } from './transport.ts';

export type Direction = 'a-to-b' | 'b-to-a';

/**
 * What becomes of one frame: it arrives, is lost, arrives twice, arrives as other bytes, or is lost
 * together with the link (`cut`). What arrived before a cut can still be read.
 */
export type Fault = 'deliver' | 'drop' | 'duplicate' | 'cut' | Uint8Array;

/**
 * Decides the fate of each frame. `index` counts the frames of both directions from 0, so that
 * "cut at k" for every k tears an exchange at each of its messages. `frame` is a copy, to be
 * damaged and returned at will.
 */
export type FaultHook = (frame: Uint8Array, index: number, direction: Direction) => Fault;

const deliverAll: FaultHook = () => 'deliver';

class Link {
  readonly inboxes: Record<Direction, Inbox> = { 'a-to-b': new Inbox(), 'b-to-a': new Inbox() };
  readonly #fault: FaultHook;
  #open = true;
  #count = 0;

  constructor(fault: FaultHook) {
    this.#fault = fault;
  }

  carry(frame: Uint8Array, direction: Direction): void {
    checkFrame(frame);
    if (!this.#open) return;
    const fate = this.#fault(Uint8Array.from(frame), this.#count++, direction);
    if (fate === 'cut') this.end();
    if (fate === 'cut' || fate === 'drop') return;
    const arriving = fate instanceof Uint8Array ? checkFrame(fate) : frame;
    this.inboxes[direction].put(arriving);
    if (fate === 'duplicate') this.inboxes[direction].put(arriving);
  }

  end(): void {
    this.#open = false;
    this.inboxes['a-to-b'].end();
    this.inboxes['b-to-a'].end();
  }
}

function endpoint(link: Link, outgoing: Direction, incoming: Direction): Transport {
  return {
    medium: 'link',
    send: async (frame) => link.carry(frame, outgoing),
    receive: () => link.inboxes[incoming].take(),
    close: async () => link.end(),
  };
}

/** Two connected devices, for tests and the simulator. */
export function memoryPair(fault: FaultHook = deliverAll): { a: Transport; b: Transport } {
  const link = new Link(fault);
  return { a: endpoint(link, 'a-to-b', 'b-to-a'), b: endpoint(link, 'b-to-a', 'a-to-b') };
}

/** A sender that can never hear an answer, and its receiver. Frames travel `a-to-b`. */
export function memoryOneWay(fault: FaultHook = deliverAll): {
  sender: Transport;
  receiver: Transport;
} {
  const { a, b } = memoryPair(fault);
  return { sender: sendOnly(a), receiver: receiveOnly(b) };
}
