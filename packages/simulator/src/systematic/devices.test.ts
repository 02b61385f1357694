import { expect, it } from 'vitest';
import { forgetful } from '../testing/broken.ts';
import { cutsEverything, trialsOf } from '../testing/systematic.ts';
import { EXCHANGES } from './exchanges.ts';

cutsEverything('devices', 1, 7);

it('a purse that forgets what it accepted is found', async () => {
  const retry = EXCHANGES.find(({ name }) => name.startsWith('retry'));
  const trials =
    retry === undefined ? [] : await trialsOf(retry, 'messages', 1, { step: forgetful });
  const found = trials.flatMap(({ violations }) => violations.map(({ invariant }) => invariant));
  expect(found).toContain('INV-ONCE');
});
