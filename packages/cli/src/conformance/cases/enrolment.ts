import {
  decodeSigned,
  equal,
  publicKey,
  type Bytes,
  type EnrolmentReply,
} from '@tallystick/protocol';
import { testScheme, START } from '@tallystick/trusted-app/testing';
import { type Rig, CHALLENGE } from '../rig/rig.ts';
import { expectCode } from '../rig/expect.ts';
import { expectThat } from '../rig/violation.ts';
import { type Case, topic } from '../case.ts';
import { ORDER } from '../pipe/messages.ts';

const BOTH = ['payer', 'payee'] as const;

/** Has a purse answered with another reply than the right one; the code it refuses it with. */
async function welcomed(
  rig: Rig,
  make: (certificate: Bytes) => Partial<EnrolmentReply>,
): Promise<string | null> {
  const { alg, key } = await rig.enrolment();
  const certificate = rig.issuer.certify(publicKey(alg, key));
  const body = rig.issuer.welcome(certificate, make(certificate));
  return rig.codeOf({ kind: ORDER.reply, body });
}

/** Another scheme altogether, as a thief would set one up. */
const foreign = testScheme('foreign');

export const enrolmentCases: readonly Case[] = topic('enrolment', BOTH, [
  [
    'self-signed',
    'an enrolment is signed by its own key over the challenge',
    ['TS-ENR-1', 'TS-SIG-1', 'TS-SIG-3', 'TS-SIG-4'],
    async (rig) => {
      const { challenge } = await rig.enrolment();
      expectThat(equal(challenge, CHALLENGE), 'the challenge of the order', 'another one');
    },
  ],
  [
    'welcome',
    'a purse begins with what the issuer replies, and with no money',
    ['TS-ENR-3', 'TS-PUR-1'],
    async (rig) => {
      await rig.start();
      await rig.expectBalance(0n, 'at the start');
    },
  ],
  [
    'power-before-welcome',
    'a purse whose power failed before the reply can still be enrolled',
    ['TS-PUR-1', 'TS-PUR-5'],
    async (rig) => {
      await rig.enrolment();
      await rig.iut.restart();
      await rig.clock(START);
      const order = { kind: ORDER.enrol, challenge: CHALLENGE, pin: null } as const;
      const [enrolment] = await rig.done(order);
      expectThat(enrolment !== undefined, 'an enrolment', 'nothing');
      const signed = decodeSigned(enrolment);
      expectThat(signed.kid.length === 8, 'the reference of its key', 'none', enrolment);
      await rig.start();
    },
  ],
  [
    'another-key',
    'a certificate for another key is refused',
    ['TS-CRT-8', 'TS-ENR-3'],
    async (rig) => {
      const code = await welcomed(rig, () => ({
        certificate: rig.issuer.own.certify(foreign.operator.key),
      }));
      expectCode(code, 'WRONG_KEY');
    },
  ],
  [
    'foreign-policy',
    'a policy that another root signed is refused',
    ['TS-POL-1', 'TS-ENR-3'],
    async (rig) => {
      expectCode(await welcomed(rig, () => ({ policy: foreign.signPolicy() })), 'UNKNOWN_ISSUER');
    },
  ],
  [
    'foreign-authority',
    'an authority that another root signed is refused',
    ['TS-CRT-5', 'TS-ENR-3'],
    async (rig) => {
      const { authorities } = foreign;
      expectCode(await welcomed(rig, () => ({ authorities })), 'UNKNOWN_ISSUER');
    },
  ],
  [
    'wrong-operator',
    'a status list of a participant is refused: only the operator makes one',
    ['TS-CRT-6', 'TS-LST-1'],
    async (rig) => {
      const operator = rig.issuer.own.issuer.certificate;
      expectCode(await welcomed(rig, () => ({ operator })), 'WRONG_ROLE');
    },
  ],
  [
    'unlisted-tier',
    'a certificate of a tier that the policy does not list is refused',
    ['TS-POL-2'],
    async (rig) => {
      const { alg, key } = await rig.enrolment();
      const certificate = rig.issuer.certify(publicKey(alg, key), { tier: 9 });
      const body = rig.issuer.welcome(certificate);
      expectCode(await rig.codeOf({ kind: ORDER.reply, body }), 'WRONG_ROLE');
    },
  ],
]);
