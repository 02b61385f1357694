import {
  checkCertificate,
  decodePurseCertificate,
  ED25519,
  ES256,
  normaliseSignature,
  runChecking,
  toHex,
} from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import { describe, expect, test } from 'vitest';
import { readSandboxScheme, seededRandom, START } from '../service/testing/world.ts';
import { createMemoryStore } from '../store/memory.ts';
import { type Authority, openAuthority } from './authority.ts';
import { createMemoryKeys } from './memory-keys.ts';
import { createNodeKeys } from './node-keys.ts';
import { createShelf } from './shelf.ts';
import { readTrust } from './trust.ts';
import { issuingIndex, takeStatusIndex } from './status-index.ts';

async function reopen(
  store = createMemoryStore(),
  change: { scheme?: object; now?: number } = {},
): Promise<Authority> {
  return openAuthority({
    scheme: { ...(await readSandboxScheme()), ...change.scheme },
    store,
    keys: createNodeKeys(createShelf(store)),
    clock: () => change.now ?? START,
  });
}

describe('the authority', () => {
  test('is the same whenever it is opened on the same store', async () => {
    const store = createMemoryStore();
    const first = await reopen(store);
    const again = await reopen(store, { now: START + 1_000 });
    expect(again.anchor).toEqual(first.anchor);
    expect(again.policy).toEqual(first.policy);
    expect(again.operator.issuing.wire).toEqual(first.operator.issuing.wire);
    expect(again.participants.map(({ issuing }) => issuing.unloadCode)).toEqual(
      first.participants.map(({ issuing }) => issuing.unloadCode),
    );
  });

  test('its trust store can be read without its keys, and before it is there is none', async () => {
    const store = createMemoryStore();
    expect(await readTrust(store)).toBeNull();
    const { trust } = await reopen(store);
    expect(await readTrust(store)).toEqual(trust);
  });

  test('what its root has not signed is not trusted, wherever it stands', async () => {
    const store = createMemoryStore();
    const { trust } = await reopen(store);
    const stranger = await reopen();
    await createShelf(store).putIfAbsent('certificate/XX', stranger.operator.authorityWire);
    expect(await readTrust(store)).toEqual(trust);
  });

  test('two processes that open it at once agree', async () => {
    const store = createMemoryStore();
    const [one, other] = await Promise.all([reopen(store), reopen(store)]);
    expect(one.anchor).toEqual(other.anchor);
    expect(one.policy).toEqual(other.policy);
    expect(one.participants.map(({ authorityWire }) => authorityWire)).toEqual(
      other.participants.map(({ authorityWire }) => authorityWire),
    );
  });

  test('each party has a certificate of its own under the root, and a key of tier 0 under that', async () => {
    const { operator, participants, trust } = await reopen();
    const parties = [operator, ...participants];
    expect(new Set(parties.map(({ authority }) => toHex(authority.ref))).size).toBe(3);
    for (const { authority, issuing, code } of parties) {
      const above = runChecking(
        checkCertificate(issuing.certificate, trust, START),
        softwareVerify,
      );
      expect(toHex(above.ref)).toBe(toHex(authority.ref));
      expect(issuing.certificate.profile.tier).toBe(0);
      expect(issuing.certificate.subject).toBe(code);
    }
  });

  test('a change of the scheme is a new version of the policy, and only a change is (TS-POL-3)', async () => {
    const store = createMemoryStore();
    expect((await reopen(store)).policy.value.version).toBe(1);
    const changed = await reopen(store, { scheme: { hopMax: 3 }, now: START - 50 });
    expect(changed.policy.value).toMatchObject({ version: 2, hopMax: 3, issuedAt: START + 1 });
    expect((await reopen(store, { scheme: { hopMax: 3 } })).policy).toEqual(changed.policy);
  });

  test('an issuing key that would not outlive new purses is followed by the next; the old code stays known', async () => {
    const store = createMemoryStore();
    const first = await reopen(store);
    const { issuer, acceptancePoint } = first.scheme.certificateSeconds;
    const kept = await reopen(store, { now: START + issuer - acceptancePoint });
    expect(kept.participants[0]?.issuing.wire).toEqual(first.participants[0]?.issuing.wire);
    const later = await reopen(store, { now: START + issuer - acceptancePoint + 1 });
    expect(later.participants[0]?.issuing.wire).not.toEqual(first.participants[0]?.issuing.wire);
    const refs = later.participants[0]!.issuing.rows.map(({ ref }) => ref);
    expect(refs).toHaveLength(2);
    expect(await store.certificates(refs)).toHaveLength(2);
  });

  test('signs purse certificates that lead to its root', async () => {
    const authority = await reopen();
    const wire = await authority.certify('BETASESS', {
      key: { alg: ES256, bytes: new Uint8Array(33).fill(2) },
      expires: START + 10,
      subject: null,
      profile: { tier: 1, assurance: 0, measurement: 0, statusIndex: 9 },
    });
    const certificate = decodePurseCertificate(wire);
    const above = runChecking(
      checkCertificate(certificate, authority.trust, START),
      softwareVerify,
    );
    expect(toHex(above.ref)).toBe(toHex(authority.participant('BETASESS')!.authority.ref));
  });
});

describe('status indices', () => {
  test('are never given twice, and never collide with those of issuing keys', async () => {
    const store = createMemoryStore();
    const taken = await Promise.all(Array.from({ length: 20 }, () => takeStatusIndex(store)));
    expect(new Set(taken).size).toBe(20);
    expect(Math.min(...taken)).toBeGreaterThan(issuingIndex(63, 64) - 1);
  });
});

describe('keys', () => {
  test('in memory: the same randomness gives the same keys and signatures', async () => {
    const message = Uint8Array.of(1, 2, 3);
    const one = await createMemoryKeys(seededRandom('a')).key('root', ES256);
    const same = await createMemoryKeys(seededRandom('a')).key('root', ES256);
    const other = await createMemoryKeys(seededRandom('b')).key('root', ES256);
    expect(one.key).toEqual(same.key);
    expect(await one.sign(message)).toEqual(await same.sign(message));
    expect(one.key).not.toEqual(other.key);
  });

  test.each([ES256, ED25519] as const)(
    'native, algorithm %i: kept on the shelf, signing in the one form',
    async (alg) => {
      const shelf = createShelf(createMemoryStore());
      const made = await createNodeKeys(shelf).key('root', alg);
      const found = await createNodeKeys(shelf).key('root', alg);
      expect(found.key).toEqual(made.key);
      for (let round = 0; round < 20; round++) {
        const message = Uint8Array.of(round);
        const signature = await found.sign(message);
        expect(softwareVerify({ key: made.key, message, signature })).toBe(true);
        expect(normaliseSignature(alg, signature)).toEqual(signature);
      }
    },
  );

  test('a stored key is never used with another algorithm (TS-ALG-2)', async () => {
    const shelf = createShelf(createMemoryStore());
    await createNodeKeys(shelf).key('root', ES256);
    await expect(createNodeKeys(shelf).key('root', ED25519)).rejects.toThrow('another algorithm');
  });
});

describe('the emergency mode (TS-POL-6)', () => {
  test('outlives a restart, and ends when it is switched off', async () => {
    const store = createMemoryStore();
    const first = await reopen(store);
    expect((await first.setEmergency(true)).value).toMatchObject({ version: 2, emergency: true });
    const again = await reopen(store);
    expect(again.policy).toEqual(first.policy);
    expect((await again.setEmergency(false)).value).toMatchObject({ version: 3, emergency: false });
    // The other process hears of it when it looks.
    expect(first.policy.value.version).toBe(2);
    expect(await first.refreshPolicy()).toEqual(again.policy);
  });

  test('is kept when the scheme file changes', async () => {
    const store = createMemoryStore();
    await (await reopen(store)).setEmergency(true);
    const changed = await reopen(store, { scheme: { hopMax: 3 } });
    expect(changed.policy.value).toMatchObject({ version: 3, hopMax: 3, emergency: true });
  });

  test('two processes that switch it at once publish it once', async () => {
    const store = createMemoryStore();
    const both = [await reopen(store), await reopen(store)];
    const policies = await Promise.all(both.map((each) => each.setEmergency(true)));
    expect(policies.map(({ value }) => value.version)).toEqual([2, 2]);
    expect(policies[0]).toEqual(policies[1]);
  });
});
