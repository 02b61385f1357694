import { checkPolicy, runChecking } from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import { beforeEach, describe, expect, test } from 'vitest';
import { createMemoryKeys } from '../authority/memory-keys.ts';
import { createBackend } from '../service/backend.ts';
import { createWorld, seededRandom, START, type World } from '../service/testing/world.ts';
import { softwareVerifier } from '../verification/software.ts';
import { type Client, clientOf, codeOf } from './testing/client.ts';

let world: World;
let client: Client;

beforeEach(async () => {
  world = await createWorld();
  client = clientOf(world);
});

interface Rules {
  readonly hopMax: number;
  readonly staleSeconds: number;
  readonly tiers: readonly Tier[];
}
type Tier = { readonly tier: number; readonly offlineSeconds: number } & Readonly<
  Record<'paymentMax' | 'balanceMax' | 'payerCap', string>
>;

interface Standing {
  readonly inForce: Rules & { readonly version: number };
  readonly rules: Rules;
  readonly filed: Rules;
}

const standing = (): Promise<Standing> => client.read<Standing>('/v1/policies/current');

/** The rules of now with a change to the first tier, and whatever else. */
async function changed(tier: Partial<Tier>, others: Partial<Rules> = {}): Promise<Rules> {
  const { rules } = await standing();
  return {
    ...rules,
    tiers: rules.tiers.map((row, at) => (at === 0 ? { ...row, ...tier } : row)),
    ...others,
  };
}

describe('a change of policy', () => {
  test('is shown field by field, and signs nothing', async () => {
    const { filed } = await standing();
    const rules = await changed({ paymentMax: '4000' }, { hopMax: 3 });
    const previewed = await client.post('/v1/policy-previews', rules);
    expect(await previewed.json()).toEqual({
      basis: 1,
      version: 2,
      changes: [
        { tier: null, field: 'hopMax', from: String(filed.hopMax), to: '3' },
        { tier: 1, field: 'paymentMax', from: filed.tiers[0]?.paymentMax, to: '4000' },
      ],
    });
    expect((await standing()).inForce.version).toBe(1);
  });

  test('is signed by the root, and stands', async () => {
    const rules = await changed({ paymentMax: '4000' });
    const signed = await client.post('/v1/policies', { ...rules, basis: 1 });
    expect(signed.status).toBe(201);
    const wire = new Uint8Array(await (await client.get('/v1/policy')).arrayBuffer());
    const { anchor } = world.backend.authority;
    const policy = runChecking(checkPolicy(wire, anchor), softwareVerify);
    expect([policy.version, policy.tiers[0]?.paymentMax]).toEqual([2, 4_000n]);

    // Another process on the same store has the decision, too.
    const { scheme, store, clock } = world;
    const other = await createBackend({
      scheme,
      store,
      keys: createMemoryKeys(seededRandom('world')),
      rail: world.backend.rail,
      verifyMany: softwareVerifier,
      clock: () => clock.now,
      random: seededRandom('other'),
    });
    expect(other.authority.policy.value.tiers[0]?.paymentMax).toBe(4_000n);
    expect(other.authority.policy.value.version).toBe(2);
  });

  test('is back at the scheme file when it is taken back', async () => {
    await client.post('/v1/policies', { ...(await changed({ paymentMax: '4000' })), basis: 1 });
    const { filed } = await standing();
    const signed = await client.post('/v1/policies', { ...filed, basis: 2 });
    expect(signed.status).toBe(201);
    const { inForce } = await standing();
    expect([inForce.version, inForce.tiers]).toEqual([3, filed.tiers]);
  });

  test('is not signed on a policy that is in force no more', async () => {
    const rules = await changed({ paymentMax: '4000' });
    await client.post('/v1/emergency', { on: true });
    const late = await client.post('/v1/policies', { ...rules, basis: 1 });
    expect(await codeOf(late)).toBe('POLICY_MOVED');
    expect((await standing()).rules.tiers[0]?.paymentMax).not.toBe('4000');
  });

  test('is refused where it changes nothing', async () => {
    const { rules } = await standing();
    expect(await codeOf(await client.post('/v1/policy-previews', rules))).toBe('POLICY_SAME');
    const again = await client.post('/v1/policies', { ...rules, basis: 1 });
    expect(await codeOf(again)).toBe('POLICY_SAME');
  });

  test('has no longer windows than the scheme file, which horizons rest on', async () => {
    const { filed } = await standing();
    const [first] = filed.tiers;
    const longer = await changed({ offlineSeconds: (first?.offlineSeconds ?? 0) + 1 });
    const staler = await changed({}, { staleSeconds: filed.staleSeconds + 1 });
    for (const rules of [longer, staler]) {
      expect(await codeOf(await client.post('/v1/policy-previews', rules))).toBe('POLICY_REFUSED');
      const signed = await client.post('/v1/policies', { ...rules, basis: 1 });
      expect(await codeOf(signed)).toBe('POLICY_REFUSED');
    }
    const shorter = await changed({ offlineSeconds: (first?.offlineSeconds ?? 0) - 1 });
    expect((await client.post('/v1/policy-previews', shorter)).status).toBe(200);
  });

  test.each<[string, (rules: Rules) => object, string]>([
    ['a tier twice', (rules) => ({ tiers: [rules.tiers[0], ...rules.tiers] }), 'POLICY_REFUSED'],
    ['a tier missing', ({ tiers }) => ({ tiers: tiers.slice(1) }), 'POLICY_REFUSED'],
    [
      'a weaker environment with the higher ceiling',
      ({ tiers }) => ({
        tiers: tiers.map((row, at) =>
          at === 0 ? { ...row, balanceMax: '9007199254740991' } : row,
        ),
      }),
      'POLICY_REFUSED',
    ],
    ['no hops', () => ({ hopMax: 0 }), 'BAD_REQUEST'],
    [
      'an amount beyond what money can be',
      ({ tiers }) => ({ tiers: tiers.map((row) => ({ ...row, payerCap: '9007199254740992' })) }),
      'BAD_REQUEST',
    ],
    ['an unknown rule', () => ({ acceptMinutes: 5 }), 'BAD_REQUEST'],
  ])('is refused with %s', async (_, change, code) => {
    const rules = await changed({});
    const wish = { ...rules, ...change(rules) };
    expect(await codeOf(await client.post('/v1/policy-previews', wish))).toBe(code);
  });

  test('lowers a cap in an emergency, too', async () => {
    await client.post('/v1/policies', { ...(await changed({ payerCap: '100' })), basis: 1 });
    await client.post('/v1/emergency', { on: true });
    expect((await standing()).inForce.tiers[0]?.payerCap).toBe('100');
  });

  test('has no longer window than a scheme file that became stricter afterwards', async () => {
    const { filed } = await standing();
    const { offlineSeconds = 0 } = filed.tiers[0] ?? {};
    const rules = await changed(
      { offlineSeconds: offlineSeconds - 10 },
      { staleSeconds: filed.staleSeconds - 10 },
    );
    expect((await client.post('/v1/policies', { ...rules, basis: 1 })).status).toBe(201);
    const { scheme } = world;
    const stricter = {
      staleSeconds: filed.staleSeconds - 20,
      tiers: scheme.tiers.map((row) => ({ ...row, offlineSeconds: offlineSeconds - 20 })),
    };
    const next = await createWorld(world.store, stricter);
    const { tiers, staleSeconds } = next.backend.authority.policy.value;
    expect([staleSeconds, tiers[0]?.offlineSeconds]).toEqual([
      filed.staleSeconds - 20,
      offlineSeconds - 20,
    ]);
  });

  test('counts for loads at once', async () => {
    const ann = await world.enrol('ann');
    await client.post('/v1/policies', { ...(await changed({ balanceMax: '500' })), basis: 1 });
    const refused = await client.send('/v1/loads', ann.request(501n, START + 60));
    expect(await codeOf(refused)).toBe('OVER_BALANCE_CEILING');
    await world.load(ann, 500n);
  });
});
