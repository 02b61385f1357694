import { beforeEach, describe, expect, test } from 'vitest';
import { createWorld } from '../service/testing/world.ts';
import { type Client, clientOf, codeOf } from './testing/client.ts';

const ACCOUNT = {
  participant: 'ALPHSESS',
  account: '00112233445566778899aabbccddeeff',
  acceptancePoint: null,
};
const PATH = `/v1/sandbox/accounts/${ACCOUNT.participant}/${ACCOUNT.account}`;

let client: Client;
beforeEach(async () => {
  client = clientOf(await createWorld());
});

const open = (body: unknown): Promise<Response> =>
  client.request('/v1/sandbox/accounts', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

describe("a sandbox's accounts for people", () => {
  test('open once, without an operator, with play money on them', async () => {
    for (const each of [await open(ACCOUNT), await open(ACCOUNT)]) {
      expect(each.status).toBe(200);
      expect(await each.json()).toEqual({
        ...ACCOUNT,
        balance: { amount: '50000', currency: 'EUR' },
      });
    }
    const read = await client.request(PATH);
    expect(await read.json()).toMatchObject({ balance: { amount: '50000' } });
  });

  test('are nobody else’s, and of a form that cannot be guessed', async () => {
    await open(ACCOUNT);
    expect(await codeOf(await open({ ...ACCOUNT, acceptancePoint: 'Shop' }))).toBe(
      'ACCOUNT_EXISTS',
    );
    expect(await codeOf(await open({ ...ACCOUNT, account: 'ada' }))).toBe('BAD_REQUEST');
    expect(await codeOf(await open({ ...ACCOUNT, participant: 'NOBODY' }))).toBe(
      'UNKNOWN_PARTICIPANT',
    );
    expect(await codeOf(await client.request(PATH.replace(/ff$/, 'fe')))).toBe('NOT_FOUND');
  });
});
