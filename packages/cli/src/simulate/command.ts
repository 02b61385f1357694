import type { Command } from '../command/command.ts';

export const DEFAULT_SEED = '1';
export const DEFAULT_STEPS = 2_000;

/** `tallystick simulate`. */
export const simulate: Command = {
  name: 'simulate',
  summary: 'run a seeded world of devices with faults and attackers',
  description: [
    'Runs a world of wallets, terminals and attackers with the real trusted application, wallet and',
    'backend on simulated time, network and storage: messages are lost, devices and the backend crash',
    'between any two effects, purses are rolled back, cloned and forged. After every step an auditor',
    'checks the invariants on the true state of every device. The same seed gives the same bytes. Exits',
    'with 1 on a violation, tells the shortest story found of how it came about, and says how to replay',
    'it. A sweep runs on every core.',
  ].join('\n'),
  options: {
    seed: { value: 'SEED', says: `any text; default ${DEFAULT_SEED}` },
    seeds: { value: 'COUNT', says: 'a sweep: so many worlds, with seeds counting up from --seed' },
    steps: {
      value: 'COUNT',
      says: `scheduled events with faults; the calm at the end comes on top; default ${DEFAULT_STEPS}`,
    },
    threads: { value: 'COUNT', says: 'for a sweep; default one for each core' },
    wallets: { value: 'COUNT', says: 'honest wallets' },
    terminals: { value: 'COUNT', says: 'receive-only terminals' },
    attackers: { value: 'COUNT', says: 'wallets that roll back, clone, forge and lie' },
  },
  examples: [
    { line: 'simulate --seed 1 --steps 20000', says: 'one world, at length' },
    { line: 'simulate --seeds 100 --json', says: 'a hundred worlds, for a program' },
    {
      line: 'simulate --seed 7 --wallets 2 --terminals 1 --attackers 1',
      says: 'a small world, to look at closely',
    },
  ],
  run: async (call) => (await import('./run.ts')).runSimulate(call),
};
