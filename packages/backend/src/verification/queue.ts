import type { SignatureCheck } from '@tallystick/protocol';

/** Checks that were asked for together, and how far they have come. */
interface Asked {
  readonly checks: readonly SignatureCheck[];
  readonly verdicts: boolean[];
  /** Checks handed out to workers so far. */
  taken: number;
  /** Verdicts still to come. */
  left: number;
  readonly resolve: (verdicts: boolean[]) => void;
  readonly reject: (error: Error) => void;
}

/** A run of checks of one caller. */
interface Share {
  readonly asked: Asked;
  readonly from: number;
  readonly count: number;
}

/** A batch for one worker: shares of one or several callers. */
export interface Work {
  readonly checks: readonly SignatureCheck[];
  finish(verdicts: readonly boolean[]): void;
  fail(error: Error): void;
}

/** First come, first served; small requests share a batch, large ones are spread over workers. */
export interface CheckQueue {
  readonly size: number;
  add(checks: readonly SignatureCheck[]): Promise<readonly boolean[]>;
  /** Takes at most `max` checks. */
  take(max: number): Work;
  failAll(error: Error): void;
}

export function createQueue(): CheckQueue {
  let waiting: Asked[] = [];
  let size = 0;

  function fail(asked: Asked, error: Error): void {
    if (waiting.includes(asked)) {
      size -= asked.checks.length - asked.taken;
      waiting = waiting.filter((each) => each !== asked);
    }
    asked.reject(error);
  }

  function takeShares(max: number): Share[] {
    const shares: Share[] = [];
    let room = max;
    for (let asked = waiting[0]; asked !== undefined && room > 0; asked = waiting[0]) {
      const count = Math.min(room, asked.checks.length - asked.taken);
      shares.push({ asked, from: asked.taken, count });
      asked.taken += count;
      room -= count;
      size -= count;
      if (asked.taken === asked.checks.length) waiting.shift();
    }
    return shares;
  }

  return {
    get size() {
      return size;
    },
    add: (checks) => {
      if (checks.length === 0) return Promise.resolve([]);
      return new Promise((resolve, reject) => {
        const verdicts = Array.from(checks, () => false);
        waiting.push({ checks, verdicts, taken: 0, left: checks.length, resolve, reject });
        size += checks.length;
      });
    },
    take: (max) => {
      const shares = takeShares(max);
      return {
        checks: shares.flatMap(({ asked, from, count }) => asked.checks.slice(from, from + count)),
        finish: (verdicts) => deliver(shares, verdicts),
        fail: (error) => shares.forEach(({ asked }) => fail(asked, error)),
      };
    },
    failAll: (error) => {
      for (const asked of waiting) fail(asked, error);
    },
  };
}

function deliver(shares: readonly Share[], verdicts: readonly boolean[]): void {
  let at = 0;
  for (const { asked, from, count } of shares) {
    for (let index = from; index < from + count; index++) {
      asked.verdicts[index] = verdicts[at++] === true;
    }
    asked.left -= count;
    if (asked.left === 0) asked.resolve(asked.verdicts);
  }
}
