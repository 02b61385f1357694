import {
  acceptBy,
  answer,
  checkAuthority,
  checkCertificate,
  checkIssuerMessage,
  checkPolicy,
  checkStatusList,
  closure,
  decodeAuthority,
  decodeBody,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  ED25519,
  encodeBody,
  enrolmentReply,
  enrolmentRequest,
  loadReply,
  payment,
  recordId,
  renewalRequest,
  requestDigest,
  runChecking,
  statusBits,
  statusIndices,
  toHex,
} from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory.ts';
import type { Store } from '../store/port.ts';
import { CHALLENGE_SECONDS } from './challenge.ts';
import { Device, MEASUREMENT } from './testing/device.ts';
import { createWorld, START, valueOf, type World } from './testing/world.ts';

function codeOf(outcome: { ok: boolean; error?: { code: string } }): string {
  return outcome.ok ? 'accepted' : (outcome.error?.code ?? 'none');
}

async function equation(world: World): Promise<Record<string, bigint>> {
  const whole = (await world.backend.supply()).find(({ participant }) => participant === null);
  expect((await world.backend.supply()).every(({ balanced }) => balanced)).toBe(true);
  const { reserve = 0n, loss = 0n, balances = 0n, inFlight = 0n } = whole ?? {};
  return { reserve, loss, balances, inFlight };
}

describe('enrolment (TS-ENR-1 to 3)', () => {
  test('gives everything a purse needs, verifiable from the root alone', async () => {
    const world = await createWorld();
    const device = await world.enrol('ann');
    const welcome = device.welcome!;
    const run = <T>(checking: Parameters<typeof runChecking<T>>[0]): T =>
      runChecking(checking, softwareVerify);
    const anchor = {
      scheme: welcome.scheme,
      key: { alg: welcome.rootAlgorithm, bytes: welcome.rootKey },
    };
    const authorities = new Map(
      welcome.authorities.map((bytes) => {
        const authority = decodeAuthority(bytes);
        run(checkAuthority(authority, anchor));
        return [toHex(authority.ref), authority];
      }),
    );
    const trust = { anchor, authorities };
    const own = decodePurseCertificate(welcome.certificate);
    const issuer = decodePurseCertificate(welcome.issuer);
    const operator = decodePurseCertificate(welcome.operator);
    expect(run(checkCertificate(own, trust, START)).subject).toBe('ALPHSESS');
    expect(run(checkCertificate(issuer, trust, START)).subject).toBe('ALPHSESS');
    expect(run(checkCertificate(operator, trust, START)).subject).toBe('TALLYOPR');
    expect(own.profile).toMatchObject({ tier: 1, assurance: 0, measurement: 0 });
    expect(own.expires).toBe(START + world.scheme.certificateSeconds.purse);
    expect(run(checkPolicy(welcome.policy, anchor))).toMatchObject({ version: 1, currency: 978 });
    expect(run(checkStatusList(welcome.list, operator))).toMatchObject({
      version: 1,
      bits: statusBits([]),
    });
    const code = decodeSigned(welcome.unloadCode);
    expect(toHex(code.kid)).toBe(toHex(issuer.ref));
  });

  test('an acceptance point gets its name, its tier and its longer life', async () => {
    const world = await createWorld();
    const device = await world.enrol('shop', { acceptancePoint: 'Corner shop, till 1' });
    const { subject, profile, expires } = decodePurseCertificate(device.certificate);
    expect(subject).toBe('Corner shop, till 1');
    expect(profile.tier).toBe(2);
    expect(expires).toBe(START + world.scheme.certificateSeconds.acceptancePoint);
  });

  test('the same request gets the same certificate, every other one its own status index', async () => {
    const world = await createWorld();
    await world.enrol('ann');
    const device = new Device('bob');
    const request = device.enrolmentRequest(world.backend.challenge(), 'ALPHSESS', 'ann');
    const first = decodeBody(enrolmentReply, valueOf(await world.backend.enrol(request)));
    const again = decodeBody(enrolmentReply, valueOf(await world.backend.enrol(request)));
    expect(again.certificate).toEqual(first.certificate);
    const { rows } = await world.store.reports.purses('', 10);
    const certificates = await world.store.certificatesOf(rows.map(({ id }) => id));
    expect(new Set(certificates.map(({ statusIndex }) => statusIndex)).size).toBe(2);
  });

  test('the same request at once opens one purse', async () => {
    const world = await createWorld();
    await world.enrol('ann');
    const request = new Device('bob').enrolmentRequest(
      world.backend.challenge(),
      'ALPHSESS',
      'ann',
    );
    const replies = await Promise.all([1, 2, 3].map(() => world.backend.enrol(request)));
    const certificates = replies.map((reply) =>
      toHex(decodeBody(enrolmentReply, valueOf(reply)).certificate),
    );
    expect(new Set(certificates).size).toBe(1);
    expect((await world.store.reports.purses('', 10)).rows).toHaveLength(2);
  });

  const refusals: [string, string, (world: World) => Promise<Uint8Array> | Uint8Array][] = [
    ['bytes that are no message', 'MALFORMED', () => Uint8Array.of(0x84)],
    [
      'an unknown participant',
      'UNKNOWN_PARTICIPANT',
      ({ backend }) => new Device('x').enrolmentRequest(backend.challenge(), 'GAMMSESS', 'ann'),
    ],
    [
      'an unknown account',
      'UNKNOWN_ACCOUNT',
      ({ backend }) => new Device('x').enrolmentRequest(backend.challenge(), 'ALPHSESS', 'zoe'),
    ],
    [
      'a challenge of somebody else',
      'CHALLENGE_REFUSED',
      () => new Device('x').enrolmentRequest(new Uint8Array(32).fill(7), 'ALPHSESS', 'ann'),
    ],
    [
      'a challenge that has expired',
      'CHALLENGE_REFUSED',
      ({ backend, clock }) => {
        const challenge = backend.challenge();
        clock.now += CHALLENGE_SECONDS + 1;
        return new Device('x').enrolmentRequest(challenge, 'ALPHSESS', 'ann');
      },
    ],
    [
      'a challenge that was used',
      'CHALLENGE_REFUSED',
      async ({ backend }) => {
        const challenge = backend.challenge();
        const before = new Device('y').enrolmentRequest(challenge, 'ALPHSESS', 'ann');
        valueOf(await backend.enrol(before));
        return new Device('x').enrolmentRequest(challenge, 'ALPHSESS', 'ann');
      },
    ],
    [
      'an unknown measurement',
      'MEASUREMENT_REFUSED',
      ({ backend }) => wrap(new Device('x').enrolment(backend.challenge(), new Uint8Array(32))),
    ],
    [
      'a plain process that claims evidence',
      'ATTESTATION_REFUSED',
      ({ backend }) =>
        wrap(new Device('x').enrolment(backend.challenge(), MEASUREMENT, Uint8Array.of(1))),
    ],
    [
      'a signature by another key',
      'BAD_SIGNATURE',
      ({ backend }) => {
        const wire = new Device('x').enrolment(backend.challenge());
        return wrap(wire.map((byte, at) => (at === wire.length - 1 ? byte ^ 1 : byte)));
      },
    ],
  ];
  function wrap(enrolment: Uint8Array): Uint8Array {
    return encodeBody(enrolmentRequest, { enrolment, participant: 'ALPHSESS', account: 'ann' });
  }
  test.each(refusals)('refuses %s with %s', async (_, code, make) => {
    const world = await createWorld();
    await world.enrol('ann');
    const request = await make(world);
    const before = (await world.store.reports.purses('', 10)).rows.length;
    expect(codeOf(await world.backend.enrol(request))).toBe(code);
    expect((await world.store.reports.purses('', 10)).rows).toHaveLength(before);
  });
});

describe('load (TS-PAY-12)', () => {
  test('debits the account once, and gives the same payment however often it is asked', async () => {
    const world = await createWorld();
    const ann = await world.enrol('ann', { balance: 10_000n });
    const request = ann.request(4_000n, START + 60);
    const first = valueOf(await world.backend.load(request));
    world.clock.now += 3_600;
    const replies = await Promise.all([1, 2, 3].map(() => world.backend.load(request)));
    expect(replies.map((reply) => toHex(valueOf(reply)))).toEqual(
      [1, 2, 3].map(() => toHex(first)),
    );
    expect(await world.balance('ann')).toBe(6_000n);
    expect(await equation(world)).toMatchObject({ reserve: 4_000n, inFlight: 4_000n });
    const paid = decodeSigned(decodeBody(loadReply, first).payment, requestDigest(request));
    const { payee, value } = decodePayload(paid.payload, payment, 'payment');
    expect(value).toMatchObject({ amount: 4_000n, hop: 0 });
    expect(payee).toEqual(ann.ref);
  });

  const refusals: [string, string, (device: Device, world: World) => Uint8Array][] = [
    ['more than the account holds', 'INSUFFICIENT_FUNDS', (ann) => ann.request(10_001n, START)],
    ['an open amount', 'BAD_AMOUNT', (ann) => ann.request(null, START)],
    ['a static code', 'WRONG_REQUEST', (ann) => ann.request(1n, START, true)],
    ['an expired request', 'REQUEST_EXPIRED', (ann) => ann.request(1n, START - 1)],
    ['more than its ceiling', 'OVER_BALANCE_CEILING', (ann) => ann.request(100_001n, START)],
    [
      'an expired certificate',
      'CERTIFICATE_EXPIRED',
      (ann, world) => {
        world.clock.now += world.scheme.certificateSeconds.purse;
        return ann.request(1n, world.clock.now);
      },
    ],
    [
      'a forged request',
      'BAD_SIGNATURE',
      (ann) => {
        const wire = ann.request(1n, START);
        return wire.map((byte, at) => (at === wire.length - 1 ? byte ^ 1 : byte));
      },
    ],
  ];
  test.each(refusals)('refuses %s with %s', async (_, code, make) => {
    const world = await createWorld();
    const ann = await world.enrol('ann', { balance: 10_000n });
    expect(codeOf(await world.backend.load(make(ann, world)))).toBe(code);
    expect(await world.balance('ann')).toBe(10_000n);
    expect(await equation(world)).toMatchObject({ reserve: 0n, inFlight: 0n });
  });

  test('refuses a device that nobody enrolled', async () => {
    const world = await createWorld();
    const stranger = await (await createWorld()).enrol('mallory');
    const other = stranger.request(1n, START);
    const unknown = await world.backend.load(other);
    expect(codeOf(unknown)).toBe('UNKNOWN_CERTIFICATE');
  });

  test('a load that a crash cut in two is finished at the next start', async () => {
    const store = createMemoryStore();
    let transactionsLeft = Number.POSITIVE_INFINITY;
    const fragile: Store = {
      ...store,
      transaction: (purses, work) =>
        transactionsLeft-- > 0
          ? store.transaction(purses, work)
          : Promise.reject(new Error('the process is gone')),
    };
    const world = await createWorld(fragile);
    const ann = await world.enrol('ann', { balance: 10_000n });
    const request = ann.request(4_000n, START + 60);
    // Looking whether the load exists takes one transaction, recording it the next.
    transactionsLeft = 1;
    await expect(world.backend.load(request)).rejects.toThrow('the process is gone');
    expect(await world.balance('ann')).toBe(6_000n);

    const restarted = await createWorld(store);
    expect(await equation(restarted)).toMatchObject({ reserve: 0n });
    await restarted.backend.recover();
    await restarted.backend.recover();
    expect(await restarted.balance('ann')).toBe(6_000n);
    expect(await equation(restarted)).toMatchObject({ reserve: 4_000n, inFlight: 4_000n });
    expect((await restarted.backend.load(request)).ok).toBe(true);
    expect(await restarted.balance('ann')).toBe(6_000n);
  });
});

describe('a payment from load to unload', () => {
  test('balances at every step, and ends on the accounts', async () => {
    const world = await createWorld();
    const ann = await world.enrol('ann');
    const bob = await world.enrol('bob', { participant: 'BETASESS' });
    await world.load(ann, 5_000n);
    await world.sync(ann);
    expect(await equation(world)).toEqual({
      reserve: 5_000n,
      loss: 0n,
      balances: 5_000n,
      inFlight: 0n,
    });

    const request = bob.request(2_000n, START + 60);
    const paid = ann.pay(request, 2_000n, { syncedAt: START });
    bob.receive(paid, request);
    await world.sync(bob);
    expect(await equation(world)).toMatchObject({ reserve: 5_000n, balances: 5_000n });
    const answered = await world.sync(ann);
    const id = recordId(decodeSigned(paid, requestDigest(request)));
    const settled = decodePayload(decodeSigned(answered.answer).payload, answer, 'answer').settled;
    expect(settled.map(toHex)).toEqual([toHex(id)]);

    for (const [device, amount] of [
      [ann, 3_000n],
      [bob, 2_000n],
    ] as const) {
      device.pay(device.welcome!.unloadCode, amount, { syncedAt: START, hop: 1 });
      await world.sync(device);
    }
    expect(await equation(world)).toMatchObject({ reserve: 0n, balances: 0n, inFlight: 0n });
    expect(await world.balance('ann')).toBe(98_000n);
    expect(await world.balance('bob')).toBe(102_000n);
    expect(world.failures).toEqual([]);
  });

  test('an answer verifies under the certificates that come with it, and repeats bit for bit', async () => {
    const world = await createWorld();
    const ann = await world.enrol('ann');
    const upload = ann.upload();
    const first = valueOf(await world.backend.sync(upload));
    expect(valueOf(await world.backend.sync(upload))).toEqual(first);
    const reply = await world.sync(ann);
    const issuer = decodePurseCertificate(reply.certificates[0]!);
    const read = runChecking(
      checkIssuerMessage(reply.answer, issuer, answer, 'answer'),
      softwareVerify,
    );
    expect(read.ackedTo).toBe(ann.seq);
    expect(read.time).toBe(START);
  });

  test('a payment that its payee never took is closed, and comes back', async () => {
    const world = await createWorld();
    const ann = await world.enrol('ann');
    const bob = await world.enrol('bob');
    await world.load(ann, 5_000n);
    await world.sync(ann);
    const request = bob.request(2_000n, START + 60);
    const paid = ann.pay(request, 2_000n, { syncedAt: START, acceptMinutes: 1 });
    await world.sync(ann);
    const signed = decodeSigned(paid, requestDigest(request));
    const lapsed = acceptBy(decodePayload(signed.payload, payment, 'payment')) + 1;
    world.clock.now = lapsed;
    await world.sync(bob, { floor: lapsed });
    const reply = await world.sync(ann);
    expect(reply.closures).toHaveLength(1);
    const issuer = decodePurseCertificate(reply.certificates[0]!);
    const closed = runChecking(
      checkIssuerMessage(reply.closures[0]!, issuer, closure, 'closure'),
      softwareVerify,
    );
    expect(toHex(closed.paymentId)).toBe(toHex(recordId(signed)));
    ann.restore(closed.paymentId, reply.closures[0]!);
    await world.sync(ann);
    expect(await equation(world)).toMatchObject({ balances: 5_000n, inFlight: 0n });
  });

  test('a cloned purse is convicted, revoked and listed, and honest payees keep their money', async () => {
    const world = await createWorld();
    const ann = await world.enrol('ann');
    const bob = await world.enrol('bob');
    const cat = await world.enrol('cat', { participant: 'BETASESS' });
    await world.load(ann, 5_000n);
    await world.sync(ann);
    const clone = ann.clone();
    for (const [payer, payee] of [
      [ann, bob],
      [clone, cat],
    ] as const) {
      const request = payee.request(5_000n, START + 60);
      payee.receive(payer.pay(request, 5_000n, { syncedAt: START }), request);
      await world.sync(payee);
    }
    const { rows: proofs } = await world.store.reports.proofs('', 10);
    expect(proofs.map(({ purse }) => purse)).toEqual([toHex(ann.ref)]);
    expect(await world.store.reports.purse(toHex(ann.ref))).toMatchObject({ standing: 'culprit' });
    expect(await equation(world)).toEqual({
      reserve: 5_000n,
      loss: 5_000n,
      balances: 10_000n,
      inFlight: 0n,
    });
    const list = runChecking(
      checkStatusList(
        await world.backend.list(),
        decodePurseCertificate(world.backend.authority.operator.issuing.wire),
      ),
      softwareVerify,
    );
    expect(statusIndices(list.bits)).toEqual([
      decodePurseCertificate(ann.certificate).profile.statusIndex,
    ]);
    const reply = await world.sync(bob);
    expect(reply.list).toEqual(await world.backend.list());
    expect(codeOf(await world.backend.load(ann.request(1n, START)))).toBe('REVOKED');
  });
});

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
