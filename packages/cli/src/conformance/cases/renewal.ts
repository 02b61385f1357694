import {
  type Algorithm,
  attempt,
  type Bytes,
  checkEnrolment,
  checkSignature,
  decodeBody,
  decodePayload,
  decodeSigned,
  ED25519,
  ES256,
  equal,
  type PublicKey,
  publicKey,
  renewal as renewalCodec,
  renewalRequest,
} from '@tallystick/protocol';
import { START } from '@tallystick/trusted-app/testing';
import type { Rig } from '../rig/rig.ts';
import { expectCode } from '../rig/expect.ts';
import { Books } from '../rig/log.ts';
import { payWhole, till } from '../rig/paid.ts';
import { receive } from '../rig/received.ts';
import { expectThat, Violation } from '../rig/violation.ts';
import { type Case, type Row, topic } from '../case.ts';
import { ORDER } from '../pipe/messages.ts';

/** Starts a renewal, and checks what an issuer would: the old key names the new one (TS-LOG-5). */
async function renewing(rig: Rig, alg: Algorithm): Promise<PublicKey> {
  const bytes = await rig.renewal(alg);
  const body = attempt(() => decodeBody(renewalRequest, bytes));
  if (!body.ok) throw new Violation('a renewal request (TS-ENR-3)', body.error.message, bytes);
  const { enrolment, renewal } = body.value;
  const wanted = rig.verified('an enrolment of the new key', enrolment, checkEnrolment);
  const named = rig.verified('a renewal by the old key (TS-LOG-5)', renewal, function* (message) {
    const signed = decodeSigned(message);
    yield* checkSignature(signed, rig.own.key);
    return decodePayload(signed.payload, renewalCodec, 'renewal');
  });
  const isSame = named.alg === wanted.alg && equal(named.key, wanted.key) && wanted.alg === alg;
  expectThat(isSame, 'the same key in both, of the algorithm of the order', 'others', bytes);
  return publicKey(wanted.alg, wanted.key);
}

/** Another certificate than the one that waits, and its refusal. */
function refusing(
  [name, title, clauses, code]: readonly [string, string, readonly string[], string],
  make: (rig: Rig, key: PublicKey) => Bytes,
): Row {
  const run = async (rig: Rig): Promise<void> => {
    await rig.start();
    const key = await renewing(rig, ES256);
    expectCode(await rig.codeOf({ kind: ORDER.reply, body: make(rig, key) }), code);
  };
  return [name, title, clauses, run];
}

const renewals: readonly Row[] = [
  refusing(
    ['another-key', 'a certificate for a key that does not wait', ['TS-CRT-8'], 'WRONG_KEY'],
    (rig) => rig.issuer.certify(rig.issuer.scheme.operator.key),
  ),
  refusing(
    [
      'downgraded-measurement',
      'a certificate that names an earlier measurement',
      ['TS-CRT-10'],
      'MEASUREMENT_DOWNGRADE',
    ],
    (rig, key) => rig.issuer.certify(key, { measurement: 1 }),
  ),
  refusing(
    [
      'other-algorithm',
      'a certificate of an algorithm that was not asked for',
      ['TS-CRT-9'],
      'ALGORITHM_DOWNGRADE',
    ],
    (rig) => rig.issuer.certify({ alg: ED25519, bytes: new Uint8Array(32).fill(9) }),
  ),
  refusing(
    ['of-other-participant', 'a certificate of another participant', ['TS-CRT-6'], 'WRONG_ROLE'],
    (rig, key) => rig.issuer.other.certify(key, { measurement: 2 }),
  ),
  [
    'new-key',
    'a renewed purse states its log on, under its new key',
    ['TS-LOG-5', 'TS-LOG-1', 'TS-CRT-8', 'TS-ALG-1'],
    async (rig) => {
      await rig.start();
      const books = new Books(rig);
      await rig.load(900n);
      await books.answer(await books.state());
      const certificate = rig.issuer.certify(await renewing(rig, ED25519));
      await rig.done({ kind: ORDER.reply, body: certificate });
      rig.certified(certificate);
      await rig.iut.restart();
      await rig.clock(START);
      await rig.load(100n);
      const stated = await books.state();
      await books.answer(stated);
      await rig.expectBalance(1_000n, 'after the renewal');
    },
  ],
];

const both: readonly Row[] = [
  [
    'pays-and-receives',
    'a renewed purse pays and receives under its new certificate',
    ['TS-LOG-5', 'TS-RCP-1', 'TS-PAY-1'],
    async (rig) => {
      await rig.start();
      await rig.load(900n);
      const certificate = rig.issuer.certify(await renewing(rig, ED25519));
      await rig.done({ kind: ORDER.reply, body: certificate });
      rig.certified(certificate);
      await receive(rig, 300n);
      await payWhole(rig, till(rig, 400n));
      await rig.expectBalance(800n, 'after both');
    },
  ],
];

export const renewalCases: readonly Case[] = [
  ...topic('renewal', ['payer', 'payee'], renewals),
  ...topic('renewal', ['payer', 'payee'], both, true),
];
