import {
  checkAuthority,
  checkCertificate,
  checkPolicy,
  checkStatusList,
  decodeAuthority,
  decodeBody,
  decodePurseCertificate,
  decodeSigned,
  encodeAttestation,
  encodeBody,
  enrolmentReply,
  enrolmentRequest,
  runChecking,
  statusBits,
  toHex,
} from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import { describe, expect, test } from 'vitest';
import { CHALLENGE_SECONDS } from '../attestation/challenge.ts';
import { Device } from './testing/device.ts';
import { codeOf } from './testing/outcome.ts';
import { createWorld, START, valueOf, type World } from './testing/world.ts';

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
    expect(own.profile).toMatchObject({ tier: 1, assurance: 0, measurement: 1 });
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
      ({ backend }) =>
        wrap(new Device('x').enrolment(backend.challenge(), { measurement: new Uint8Array(32) })),
    ],
    [
      'evidence that is none',
      'WRONG_KIND',
      ({ backend }) =>
        wrap(new Device('x').enrolment(backend.challenge(), { evidence: Uint8Array.of(1) })),
    ],
    ...([3, 4] as const).map((kind): (typeof refusals)[number] => [
      `evidence of kind ${kind}, which has no verifier yet,`,
      'ATTESTATION_REFUSED',
      ({ backend }) => {
        const evidence = encodeAttestation({ kind, statement: Uint8Array.of(1) });
        return wrap(new Device('x').enrolment(backend.challenge(), { evidence }));
      },
    ]),
    [
      'an environment that the scheme does not admit',
      'ATTESTATION_REFUSED',
      ({ backend }) =>
        wrap(new Device('x').enrolment(backend.challenge(), { environment: 'enclave' })),
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
