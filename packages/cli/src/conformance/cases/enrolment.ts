import {
  decodeSigned,
  equal,
  publicKey,
  type Bytes,
  type EnrolmentReply,
} from '@tallystick/protocol';
import { testScheme, START } from '@tallystick/trusted-app/testing';
import { type Bench, CHALLENGE } from '../bench/bench.ts';
import { expectCode } from '../bench/expect.ts';
import { expectThat } from '../bench/violation.ts';
import { type Case, topic } from '../case.ts';
import { ORDER } from '../pipe/messages.ts';

const BOTH = ['payer', 'payee'] as const;

/** Has a purse answered with another reply than the right one; the code it refuses it with. */
async function welcomed(
  bench: Bench,
  make: (certificate: Bytes) => Partial<EnrolmentReply>,
): Promise<string | null> {
  const { alg, key } = await bench.enrolment();
  const certificate = bench.issuer.certify(publicKey(alg, key));
  const body = bench.issuer.welcome(certificate, make(certificate));
  return bench.codeOf({ kind: ORDER.reply, body });
}

/** Another scheme altogether, as a thief would set one up. */
const foreign = testScheme('foreign');

export const enrolmentCases: readonly Case[] = topic('enrolment', BOTH, [
  [
    'self-signed',
    'an enrolment is signed by its own key over the challenge',
    ['TS-ENR-1', 'TS-SIG-1', 'TS-SIG-3', 'TS-SIG-4'],
    async (bench) => {
      const { challenge } = await bench.enrolment();
      expectThat(equal(challenge, CHALLENGE), 'the challenge of the order', 'another one');
    },
  ],
  [
    'welcome',
    'a purse begins with what the issuer replies, and with no money',
    ['TS-ENR-3', 'TS-PUR-1'],
    async (bench) => {
      await bench.start();
      await bench.expectBalance(0n, 'at the start');
    },
  ],
  [
    'power-before-welcome',
    'a purse whose power failed before the reply can still be enrolled',
    ['TS-PUR-1', 'TS-PUR-5'],
    async (bench) => {
      await bench.enrolment();
      await bench.iut.restart();
      await bench.clock(START);
      const order = { kind: ORDER.enrol, challenge: CHALLENGE, pin: null } as const;
      const [enrolment] = await bench.done(order);
      expectThat(enrolment !== undefined, 'an enrolment', 'nothing');
      const signed = decodeSigned(enrolment);
      expectThat(signed.kid.length === 8, 'the reference of its key', 'none', enrolment);
      await bench.start();
    },
  ],
  [
    'another-key',
    'a certificate for another key is refused',
    ['TS-CRT-8', 'TS-ENR-3'],
    async (bench) => {
      const code = await welcomed(bench, () => ({
        certificate: bench.issuer.own.certify(foreign.operator.key),
      }));
      expectCode(code, 'WRONG_KEY');
    },
  ],
  [
    'foreign-policy',
    'a policy that another root signed is refused',
    ['TS-POL-1', 'TS-ENR-3'],
    async (bench) => {
      expectCode(await welcomed(bench, () => ({ policy: foreign.signPolicy() })), 'UNKNOWN_ISSUER');
    },
  ],
  [
    'foreign-authority',
    'an authority that another root signed is refused',
    ['TS-CRT-5', 'TS-ENR-3'],
    async (bench) => {
      const { authorities } = foreign;
      expectCode(await welcomed(bench, () => ({ authorities })), 'UNKNOWN_ISSUER');
    },
  ],
  [
    'wrong-operator',
    'a status list of a participant is refused: only the operator makes one',
    ['TS-CRT-6', 'TS-LST-1'],
    async (bench) => {
      const operator = bench.issuer.own.issuer.certificate;
      expectCode(await welcomed(bench, () => ({ operator })), 'WRONG_ROLE');
    },
  ],
  [
    'unlisted-tier',
    'a certificate of a tier that the policy does not list is refused',
    ['TS-POL-2'],
    async (bench) => {
      const { alg, key } = await bench.enrolment();
      const certificate = bench.issuer.certify(publicKey(alg, key), { tier: 9 });
      const body = bench.issuer.welcome(certificate);
      expectCode(await bench.codeOf({ kind: ORDER.reply, body }), 'WRONG_ROLE');
    },
  ],
]);
