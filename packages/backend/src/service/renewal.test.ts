import {
  decodeBody,
  decodePurseCertificate,
  ED25519,
  encodeBody,
  renewalRequest,
  toHex,
} from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory.ts';
import { codeOf, equation } from './testing/outcome.ts';
import { createWorld, valueOf } from './testing/world.ts';

describe('renewal (TS-LOG-5)', () => {
  test('takes over with another algorithm; the log goes on', async () => {
    const world = await createWorld();
    const ann = await world.enrol('ann');
    await world.load(ann, 1_000n);
    await world.sync(ann);
    const request = ann.renew(world.backend.challenge(), ED25519);
    const first = valueOf(await world.backend.renew(request));
    const again = valueOf(await world.backend.renew(request));
    expect(again).toEqual(first);
    ann.adoptRenewal(first);
    expect(decodePurseCertificate(ann.certificate).key.alg).toBe(ED25519);
    await world.load(ann, 500n);
    const reply = await world.sync(ann);
    expect(reply.refused).toEqual([]);
    expect(await equation(world)).toMatchObject({ balances: 1_500n });
    expect((await world.store.reports.purses('', 10)).rows).toHaveLength(1);
  });

  test('a purse that lost the reply may start over; a key that was overtaken may not', async () => {
    const world = await createWorld();
    const ann = await world.enrol('ann');
    const old = ann.clone();
    valueOf(await world.backend.renew(ann.renew(world.backend.challenge(), ED25519)));
    ann.adoptRenewal(
      valueOf(await world.backend.renew(ann.renew(world.backend.challenge(), ED25519))),
    );
    await world.sync(ann);
    for (let lead = 0; lead < 6; lead++) old.upload();
    const overtaken = await world.backend.renew(old.renew(world.backend.challenge(), ED25519));
    expect(codeOf(overtaken)).toBe('STALE');
  });

  test('a certificate that is made while its purse is revoked is on the next list', async () => {
    const store = createMemoryStore();
    const world = await createWorld(store);
    const ann = await world.enrol('ann');
    const request = ann.renew(world.backend.challenge(), ED25519);
    // The list is made after the renewal has looked at the purse, and before it adds its certificate.
    const certificates = store.certificates.bind(store);
    const slow = {
      ...store,
      certificates: async (refs: readonly string[]) => {
        if (refs.length === 1 && refs[0] !== toHex(ann.ref)) {
          await world.backend.revoke(toHex(ann.ref), 'stolen');
        }
        return certificates(refs);
      },
    };
    const renewing = await createWorld(slow);
    expect(codeOf(await renewing.backend.renew(request))).toBe('REVOKED');
    const rows = await store.certificatesOf([toHex(ann.ref)]);
    expect(rows).toHaveLength(2);
    expect((await store.latestList())?.revoked).toEqual(
      rows.map(({ statusIndex }) => statusIndex).sort((a, b) => a - b),
    );
  });

  test('refuses a revoked purse, and a key that the old one did not name', async () => {
    const world = await createWorld();
    const ann = await world.enrol('ann');
    const bob = await world.enrol('bob');
    const foreign = bob.renew(world.backend.challenge(), ED25519);
    const own = ann.renew(world.backend.challenge(), ED25519);
    const mixed = swapEnrolment(own, foreign);
    expect(codeOf(await world.backend.renew(mixed))).toBe('WRONG_KEY');
    valueOf(await world.backend.revoke(toHex(ann.ref), 'lost'));
    expect(codeOf(await world.backend.renew(own))).toBe('REVOKED');
  });
});

/** The renewal of one purse with the new key of another. */
function swapEnrolment(one: Uint8Array, other: Uint8Array): Uint8Array {
  const { renewal } = decodeBody(renewalRequest, one);
  const { enrolment } = decodeBody(renewalRequest, other);
  return encodeBody(renewalRequest, { renewal, enrolment });
}
