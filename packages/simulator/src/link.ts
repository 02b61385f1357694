import { attempt, type Bytes, decodeFrame, type Frame } from '@tallystick/protocol';
import type { Transport } from '@tallystick/wallet';
import type { Fate } from './fate.ts';
import type { FaultCounts } from './faults.ts';
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

/** A frame that one side chooses not to send; liars do that. */
export type Withheld = (kind: number) => boolean;

const none: Withheld = () => false;

/**
 * Two devices that touch: frames are lost, delayed, repeated and overtaken as fate decides, and the
 * link may end at any of them. Directions are named `to <device>`.
 */
export function simulatedLink(
  schedule: Schedule,
  fate: Fate,
  counts: FaultCounts,
  names: { readonly a: string; readonly b: string },
  { byPayer = none, byPayee = none }: { byPayer?: Withheld; byPayee?: Withheld } = {},
  sent: (frame: Frame) => void = () => undefined,
): { a: Transport; b: Transport } {
  const ends: readonly [End, End] = [newEnd(), newEnd()];
  const cut = (): void => ends.forEach(close);

  const carry = (frame: Bytes, to: End, name: string): void => {
    const way = `to ${name}`;
    if (fate.strikes('linksCut', way)) return cut();
    if (fate.strikes('messagesLost', way)) return;
    if (isAboutOthers(frame) && fate.strikes('listsSuppressed', way)) return;
    if (to.held === null && fate.draw('messagesReordered', way, 1) !== null) {
      to.held = frame;
      schedule.after(OVERTAKE_MS, () => release(to));
      return;
    }
    const delay = LATENCY_MS + (fate.extent('messagesDelayed', way, 2_000) ?? 0);
    schedule.after(delay, () => {
      arrive(to, frame);
      if (to.held !== null) counts.messagesReordered++;
      release(to);
    });
    const later = fate.extent('messagesDuplicated', way, 500);
    if (later !== null) schedule.after(delay + later, () => arrive(to, frame));
  };

  const transport = (own: End, other: End, name: string, withheld: Withheld): Transport => ({
    medium: 'link',
    send: async (frame) => {
      const read = attempt(() => decodeFrame(frame));
      if (!own.isOpen || withheld(read.ok ? read.value.kind : 0)) return;
      if (read.ok) sent(read.value);
      carry(Uint8Array.from(frame), other, name);
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
  return {
    a: transport(ends[0], ends[1], names.b, byPayer),
    b: transport(ends[1], ends[0], names.a, byPayee),
  };
}

/** Status lists, their deltas, fork proofs and witnesses travel in frames of their own. */
const ABOUT_OTHERS: ReadonlySet<number> = new Set([6, 7, 9, 10, 11, 12]);

function isAboutOthers(frame: Bytes): boolean {
  const read = attempt(() => decodeFrame(frame));
  return read.ok && ABOUT_OTHERS.has(read.value.kind);
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
