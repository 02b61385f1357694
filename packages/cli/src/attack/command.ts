import type { Command } from '../command/command.ts';
import { ENVIRONMENT_NAMES } from '../environments/names.ts';

/** `tallystick attack`. */
export const attack: Command = {
  name: 'attack',
  summary: 'carry out the gallery of attacks against every environment',
  description: [
    'Carries out each attack for real, against each environment that it is something against, and says what became',
    'of it: prevented, detected, bounded or succeeded, with what was done, what refused it, and what the attacked',
    'purse said of itself before and after. Takes a few minutes.',
  ].join('\n'),
  options: {
    only: { value: 'NAME', says: 'attacks whose group or name starts so, such as state or replay' },
    tre: { value: 'NAME', says: `one environment: ${ENVIRONMENT_NAMES.join(', ')}` },
    list: { says: 'name the attacks, and carry none out' },
  },
  examples: [
    { line: 'attack', says: 'all of it, as a table' },
    { line: 'attack --only state --tre tee', says: 'what the emulated TEE does about its storage' },
    { line: 'attack --json', says: 'one object for each attack and environment' },
  ],
  run: async (call) => (await import('./run.ts')).runAttack(call),
};
