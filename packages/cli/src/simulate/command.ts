import type { Command } from '../command/command.ts';

export const DEFAULT_SEED = '1';
export const DEFAULT_STEPS = 2_000;

/** `tallystick simulate`. */
export const simulate: Command = {
  name: 'simulate',
  summary: 'run a seeded world of devices with faults and attackers',
  description: [
    'Runs a world of wallets, terminals and attackers with the real trusted application, wallet and',
    'backend on simulated time, network and storage: messages are lost, devices crash between any two',
    'effects, purses are rolled back and cloned. After every step an auditor checks the invariants on',
    'the true state of every device. The same seed gives the same bytes. Exits with 1 on a violation,',
    'and says how to replay it.',
  ].join('\n'),
  options: {
    seed: { value: 'SEED', says: `any text; default ${DEFAULT_SEED}` },
    seeds: { value: 'COUNT', says: 'a sweep: so many worlds, with seeds counting up from --seed' },
    steps: {
      value: 'COUNT',
      says: `scheduled events with faults; the calm at the end comes on top; default ${DEFAULT_STEPS}`,
    },
    wallets: { value: 'COUNT', says: 'honest wallets' },
    terminals: { value: 'COUNT', says: 'receive-only terminals' },
    attackers: { value: 'COUNT', says: 'wallets whose storage is rolled back and cloned' },
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
