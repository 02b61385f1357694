import { expect, test } from 'vitest';
import { CUT_AT, TEXTS_MAX } from '../optical/bounds.ts';
import { asAnswer } from './messages.ts';

const texts = (count: number, length = 3): unknown => ({
  kind: 'texts',
  texts: Array.from({ length: count }, () => 'x'.repeat(length)),
});

test.each([
  [{ kind: 'started' }],
  [texts(0)],
  [texts(TEXTS_MAX, CUT_AT)],
  [{ kind: 'failed', message: 'why' }],
])('what a worker may answer: %j', (answer) => {
  expect(asAnswer(answer)).toEqual(answer);
});

test.each([
  [null],
  ['started'],
  [{}],
  [{ kind: 'ready' }],
  [{ kind: 'texts' }],
  [{ kind: 'texts', texts: 'abc' }],
  [{ kind: 'texts', texts: [7] }],
  [{ kind: 'texts', texts: [null] }],
  [texts(TEXTS_MAX + 1)],
  [texts(1, CUT_AT + 1)],
  [{ kind: 'failed' }],
  [{ kind: 'failed', message: 7 }],
])('what it may not: %j', (answer) => {
  expect(asAnswer(answer)).toBeNull();
});

test('of an answer nothing is taken but what it may be, and of a message no more than a line', () => {
  const long = { kind: 'failed', message: 'x'.repeat(100_000), more: 1 };
  expect(asAnswer(long)).toEqual({ kind: 'failed', message: 'x'.repeat(1_000) });
});
