import type { Host } from '@tallystick/tre';

/** How many signatures were made and verified. */
export interface Counts {
  made: number;
  verified: number;
}

/** A host that counts the signatures it makes and verifies. */
export function countingHost(other: Host, counts: Counts): Host {
  return {
    load: () => other.load(),
    truncateLog: (end) => other.truncateLog(end),
    close: () => other.close(),
    carryOut: (effect) => {
      if (effect.kind === 'sign') counts.made += 1;
      if (effect.kind === 'verify') counts.verified += 1;
      return other.carryOut(effect);
    },
  };
}
