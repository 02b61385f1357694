import { ES256, toHex } from '@tallystick/protocol';
import { expect, test } from 'vitest';
import { publisherIn } from './publisher.ts';

const bytes = Uint8Array.of(2, ...new Uint8Array(32).fill(7));
const key = toHex(bytes);

test('the publisher of a trust file', () => {
  const file = JSON.stringify({ scheme: 'any', publisher: { algorithm: 'ES256', key } });
  expect(publisherIn(file)).toEqual({ ok: true, value: { alg: ES256, bytes } });
});

test.each([
  ['no JSON', '{', 'BAD_FIELD'],
  ['nothing', 'null', 'BAD_FIELD'],
  ['none named', '{"publisher":null}', 'BAD_FIELD'],
  ['no key', '{"publisher":{"algorithm":"ES256"}}', 'BAD_FIELD'],
  ['no hex', '{"publisher":{"algorithm":"ES256","key":"xy"}}', 'BAD_FIELD'],
  ['a short key', '{"publisher":{"algorithm":"ES256","key":"02"}}', 'BAD_FIELD'],
  ['another algorithm', `{"publisher":{"algorithm":"RS256","key":"${key}"}}`, 'UNKNOWN_ALGORITHM'],
])('%s', (_what, file, code) => {
  expect(publisherIn(file)).toMatchObject({ error: { code } });
});
