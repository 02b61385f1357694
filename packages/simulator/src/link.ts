import type { Bytes } from '@tallystick/protocol';
import type { Transport } from '@tallystick/wallet';
import type { FaultCounts, FaultRates } from './faults.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';

/** A frame takes this long between two devices that touch. */
const LATENCY_MS = 20;

interface End {
  readonly inbox: Bytes[];
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
): { a: Transport; b: Transport; cut: () => void } {
  const ends: readonly [End, End] = [
    { inbox: [], wake: null, isOpen: true },
    { inbox: [], wake: null, isOpen: true },
  ];
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
    let delay = LATENCY_MS;
    if (random.perMille(now.delay)) {
      counts.messagesDelayed++;
      delay += random.int(2_000);
    }
    schedule.after(delay, () => arrive(to, frame, random.perMille(rates().reorder), counts));
    if (random.perMille(now.duplicate)) {
      counts.messagesDuplicated++;
      schedule.after(delay + random.int(500), () => arrive(to, frame, false, counts));
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
  return { a: transport(ends[0], ends[1]), b: transport(ends[1], ends[0]), cut };
}

function arrive(to: End, frame: Bytes, overtakes: boolean, counts: FaultCounts): void {
  if (!to.isOpen) return;
  if (to.wake !== null) {
    const wake = to.wake;
    to.wake = null;
    wake(frame);
    return;
  }
  if (overtakes && to.inbox.length > 0) {
    counts.messagesReordered++;
    to.inbox.unshift(frame);
  } else {
    to.inbox.push(frame);
  }
}

function close(end: End): void {
  end.isOpen = false;
  end.wake?.(null);
  end.wake = null;
}
