import { createNativeVerifier } from '@tallystick/backend';
import { expect, it } from 'vitest';
import { huntViolation } from './hunt.ts';
import { forgetful } from './testing/broken.ts';

const verify = createNativeVerifier(1_000);

it('finds a broken guard, and in a sound application nothing', async () => {
  const hunt = { firstSeed: 1, lastSeed: 2, steps: 250, verify };
  const rates = { messagesDuplicated: 300 };
  const found = await huntViolation({ ...hunt, rates, steps: 1_000, step: forgetful });
  expect(found).toMatchObject({ violation: { invariant: 'INV-ONCE' } });
  expect(await huntViolation(hunt)).toBeNull();
});

it('is called off between two worlds', async () => {
  let worlds = 0;
  const goesOn = (): boolean => worlds++ < 1;
  const hunt = { firstSeed: 1, lastSeed: 1_000, steps: 50, verify, goesOn };
  expect(await huntViolation(hunt)).toBeNull();
  expect(worlds).toBe(2);
});
