import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';

const MORE_THAN_ALLOWED = 8;

/** Through the front door. */
export const PIN_BRUTE_FORCE: Attack = {
  name: 'PIN brute force',
  group: 'environment',
  attacker: 'app',
  reference: 'Bonneau et al., A Birthday Present Every Eleven Wallets? (FC 2012)',
  aim: 'Try PINs until one is right.',
  run: async (arena) => {
    const victim = await arena.purse({ pin: new TextEncoder().encode('7319') });
    const before = await victim.hash();
    const codes: string[] = [];
    for (let guess = 0; guess < MORE_THAN_ALLOWED; guess++) {
      const pin = new TextEncoder().encode(`000${guess}`);
      const outcome = await victim.run({ kind: 21, pin });
      codes.push(outcome.ok ? 'OK' : outcome.error.code);
    }
    const last = codes.at(-1) ?? '';
    const tries = codes.filter((code) => code === 'PIN_WRONG').length;
    return finding(last === 'PIN_BLOCKED' ? 'prevented' : 'succeeded', {
      ran: `tried ${codes.length} PINs one after the other: ${tries} were compared`,
      before,
      after: await victim.hash(),
      refusal: last,
    });
  },
};
