import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';

const KEYS_BYTES = 32;

/** An app that has the card, and not what binds it. */
export const ROGUE_APP: Attack = {
  name: 'rogue app before a genuine element',
  group: 'environment',
  attacker: 'app',
  reference: 'GlobalPlatform Card Specification, Amendment D (SCP03), 5',
  aim: 'Talk to a card that is bound to another app.',
  against: ['smartcard'],
  run: async (arena) => {
    const victim = await arena.purse({ amount: 100n });
    const before = await victim.hash();
    const binding = join(victim.device.files, 'binding');
    await victim.device.close();
    const kept = join(arena.folder, 'binding');
    await arena.copy(binding, kept);
    await writeFile(binding, randomBytes(KEYS_BYTES));
    const guessed = await victim.tryToOpen();
    await victim.device.close();
    // Without any binding, it asks to be bound anew.
    await rm(binding);
    const unbound = await victim.tryToOpen();
    await victim.device.close();
    await arena.copy(kept, binding);
    await victim.open();
    const refusal = guessed ?? unbound;
    return finding(guessed !== null && unbound !== null ? 'prevented' : 'succeeded', {
      ran: `opened its channel with keys that were made up (${guessed}), and asked it to be bound again (${unbound})`,
      before,
      after: await victim.hash(),
      refusal,
    });
  },
};

/** A card that is not the one that the app knows. */
export const FAKE_ELEMENT: Attack = {
  name: 'fake element behind a genuine app',
  group: 'environment',
  attacker: 'app',
  reference: 'Murdoch et al., Chip and PIN is Broken (IEEE S&P 2010)',
  aim: 'Have the app trust an element that the attacker controls.',
  against: ['smartcard'],
  run: async (arena) => {
    const [victim, other] = [await arena.purse({ amount: 100n }), await arena.purse()];
    const before = await victim.hash();
    for (const { device } of [victim, other]) await device.close();
    const [chip, kept] = [join(victim.device.folder, 'chip'), join(arena.folder, 'chip')];
    await arena.copy(chip, kept);
    await arena.copy(join(other.device.folder, 'chip'), chip);
    const refusal = await victim.tryToOpen();
    await victim.device.close();
    await arena.copy(kept, chip);
    await victim.open();
    return finding(refusal === null ? 'succeeded' : 'prevented', {
      ran: 'put another card, bound to another app, in the place of its own',
      before,
      after: await victim.hash(),
      refusal,
    });
  },
};
