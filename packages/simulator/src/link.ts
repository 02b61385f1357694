import type { Bytes } from '@tallystick/protocol';
import type { Transport } from '@tallystick/wallet';
import type { FaultCounts, FaultRates } from './faults.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';

/** A frame takes this long between two devices that touch. */
const LATENCY_MS = 20;

/** A frame that is to be overtaken waits at most this long for one to overtake it. */
const OVERTAKE_MS = 1_500;

interface End {
  readonly inbox: Bytes[];
  /** A frame that lets the next one pass. */
  held: Bytes | null;
  wake: ((frame: Bytes | null) => void) | null;
  isOpen: boolean;
}

/**
 * Two devices that touch: frames are lost, delayed, repeated and overtaken as the world decides, and
 * the link may end at any of them.
 */
export function simulatedLink(
  schedule: Schedule,
  random: Random,
  rates: () => FaultRates,
  counts: FaultCounts,
): { a: Transport; b: Transport } {
  const ends: readonly [End, End] = [newEnd(), newEnd()];
  const cut = (): void => ends.forEach(close);

  const carry = (frame: Bytes, to: End): void => {
    const now = rates();
    if (random.perMille(now.cut)) {
      counts.linksCut++;
      cut();
      return;
    }
    if (random.perMille(now.lose)) {
      counts.messagesLost++;
      return;
    }
    if (to.held === null && random.perMille(now.reorder)) {
      to.held = frame;
      schedule.after(OVERTAKE_MS, () => release(to));
      return;
    }
    let delay = LATENCY_MS;
    if (random.perMille(now.delay)) {
      counts.messagesDelayed++;
      delay += random.int(2_000);
    }
    schedule.after(delay, () => {
      arrive(to, frame);
      if (to.held !== null) counts.messagesReordered++;
      release(to);
    });
    if (random.perMille(now.duplicate)) {
      counts.messagesDuplicated++;
      schedule.after(delay + random.int(500), () => arrive(to, frame));
    }
  };

  const transport = (own: End, other: End): Transport => ({
    kind: 'duplex',
    send: async (frame) => {
      if (own.isOpen) carry(Uint8Array.from(frame), other);
    },
    receive: () =>
      new Promise((resolve) => {
        const frame = own.inbox.shift();
        if (frame !== undefined) resolve(frame);
        else if (own.isOpen) own.wake = resolve;
        else resolve(null);
      }),
    close: async () => cut(),
  });
  return { a: transport(ends[0], ends[1]), b: transport(ends[1], ends[0]) };
}

function newEnd(): End {
  return { inbox: [], held: null, wake: null, isOpen: true };
}

function arrive(to: End, frame: Bytes): void {
  if (!to.isOpen) return;
  if (to.wake === null) {
    to.inbox.push(frame);
    return;
  }
  const wake = to.wake;
  to.wake = null;
  wake(frame);
}

function release(to: End): void {
  const { held } = to;
  to.held = null;
  if (held !== null) arrive(to, held);
}

function close(end: End): void {
  end.isOpen = false;
  end.wake?.(null);
  end.wake = null;
}
