import { createNativeVerifier } from '@tallystick/backend';
import { describe, expect, it } from 'vitest';
import { explain } from './explain.ts';
import { forgetful, generous } from './testing/broken.ts';

const verify = createNativeVerifier(1_000);

describe('a failing seed becomes a short story', () => {
  it('of a trusted application that forgets what it accepted', async () => {
    const story = await explain({
      seed: '1',
      steps: 1_000,
      attackers: 0,
      rates: { messagesDuplicated: 300 },
      verify,
      step: forgetful,
    });
    expect(story?.violation.invariant).toBe('INV-ONCE');
    expect(story?.lines.length).toBeLessThanOrEqual(15);
    expect(story?.deedsBefore).toBeGreaterThan(10);
    expect(story?.lines).toMatchInlineSnapshot(`
      [
        "Dan opens a purse.",
        "Finn opens a purse.",
        "Cleo opens a purse.",
        "Dan syncs.",
        "Cleo loads 112.00 EUR.",
        "Cleo pays Finn 83.00 EUR.",
        "Finn pays Dan 49.00 EUR; the 1st message to Dan arrives twice; it is still under way.",
        "The audit finds: INV-ONCE, Dan accepted 7a72ed7d… twice.",
      ]
    `);
  });

  it('of a trusted application that makes money', async () => {
    const story = await explain({ seed: '2', steps: 1_000, verify, attackers: 0, step: generous });
    expect(story?.violation.invariant).toBe('INV-SUPPLY');
    expect(story?.lines).toMatchInlineSnapshot(`
      [
        "Finn opens a purse.",
        "Finn loads 161.00 EUR.",
        "Then everybody syncs, and brings the money home.",
        "The audit finds: INV-SUPPLY, 100 + 0 in flight, but 0 issued and 0 counterfeit.",
      ]
    `);
  });

  it('and is the same one each time', async () => {
    const options = { seed: '3', steps: 120, verify, attackers: 0, step: generous };
    expect(await explain(options)).toEqual(await explain(options));
  });

  it('of a sound world there is none', async () => {
    expect(await explain({ seed: '4', steps: 200, verify })).toBeNull();
  });
});
