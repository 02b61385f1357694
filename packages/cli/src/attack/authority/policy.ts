import { decodeSigned, policy as policyCodec } from '@tallystick/protocol';
import { payCommand, policyChange, testScheme } from '@tallystick/trusted-app/testing';
import type { Arena } from '../arena.ts';
import type { Attack } from '../attack.ts';
import type { Purse } from '../purse.ts';
import { attemptEach } from './each.ts';
import {
  adopting,
  brokenPayer,
  day,
  type PolicyChange,
  showing,
  spoilt,
  underName,
} from './messages.ts';

/** Looser rules that once were in force. */
export const POLICY_ROLLBACK: Attack = {
  name: 'policy rollback',
  group: 'authority',
  attacker: 'network',
  reference:
    'Samuel et al., Survivable Key Compromise in Software Update Systems (CCS 2010): rollback',
  aim: 'Bring higher limits back by bringing an older policy.',
  run: async (arena) => {
    const purse = await arena.purse({ amount: 100n });
    const payee = await arena.bystander();
    await adopt(arena, purse, policyChange({ paymentMax: 5n }, { version: 3 }));
    const request = await payee.request(10n);
    const { scheme } = arena;
    return attemptEach(purse, 'brought older policies after one with a lower limit', {
      'the first policy': () => purse.run(adopting(scheme.signPolicy())),
      'the one before': () => purse.run(adopting(scheme.signPolicy({ version: 2 }))),
      'an older version under a newer date': () =>
        purse.run(adopting(scheme.signPolicy({ version: 2, issuedAt: day(1) }))),
      'then a payment over the limit': () => purse.run(purse.paying(request, payee)),
    });
  },
};

/** Rules that the root never signed. */
export const FORGED_POLICY: Attack = {
  name: 'forged policy',
  group: 'authority',
  attacker: 'network',
  reference:
    'Cappos et al., A Look in the Mirror: Attacks on Package Managers (CCS 2008): arbitrary package',
  aim: 'Raise the limits of a purse with a policy that the root has not signed.',
  run: async (arena) => {
    const purse = await arena.purse({ amount: 100n });
    const { scheme } = arena;
    const [, participant] = scheme.participants;
    const change = policyChange({ paymentMax: 50_000n });
    const content = policyCodec.encode({ ...scheme.policy, ...change });
    const foreign = testScheme('forged').signPolicy(change);
    const root = decodeSigned(scheme.signPolicy()).kid;
    return attemptEach(purse, 'brought policies that the root had not signed', {
      'by the root of another scheme': () => purse.run(adopting(foreign)),
      'by the same, in the name of the root': () => purse.run(adopting(underName(foreign, root))),
      'by the operator': () => purse.run(adopting(scheme.operator.sign(content))),
      'by the operator, in the name of the root': () =>
        purse.run(adopting(underName(scheme.operator.sign(content), root))),
      'by an issuer': () => purse.run(adopting(participant.issuer.sign(content))),
      'by the root, with one bit of the signature changed': () =>
        purse.run(adopting(spoilt(scheme.signPolicy(change)))),
    });
  },
};

/** A trusted application that was withdrawn, and still pays. */
export const REVOKED_MEASUREMENT: Attack = {
  name: 'revoked measurement',
  group: 'authority',
  attacker: 'app',
  reference: 'Chen et al., Downgrade Attack on TrustZone (arXiv, 2017)',
  aim: 'Go on paying with a trusted application that has a known hole.',
  run: async (arena) => {
    const payee = await arena.purse();
    const payer = await arena.bystander({ amount: 100n });
    const unlisted = brokenPayer(arena, 'mallory', { measurement: 2 });
    const early = await payee.request(10n);
    const { message } = await payer.pay(early, payee);
    await payee.receive(message, early, payer);
    const withdrawn = arena.scheme.policy.measurements.map((row) => ({
      ...row,
      acceptedUntil: day(0) - 1,
    }));
    await adopt(arena, payee, { version: 2, measurements: withdrawn });
    const request = await payee.request(10n);
    const late = await payer.pay(request, payee);
    const choices = { despiteDoubt: true };
    const odd = unlisted.get(payCommand(request, payee.certificate, choices), 1);
    return attemptEach(
      payee,
      'paid, was taken, and paid again once the policy of the payee had come to refuse the application',
      {
        'of a measurement that was withdrawn': () =>
          payee.run(payee.receiving(late.message, request, payer)),
        'of one that the policy never listed': () =>
          payee.run(showing(odd.message, unlisted.certificate, request)),
      },
    );
  },
};

async function adopt({ scheme }: Arena, purse: Purse, change: PolicyChange): Promise<void> {
  await purse.get(adopting(scheme.signPolicy(change)), 0);
}
