import {
  decodePurseCertificate,
  type Bytes,
  ES256,
  STATUS_LIST_TYPE,
  statusBits,
  statusDelta,
  unsignedStatusList,
} from '@tallystick/protocol';
import { type Signer, testScheme } from '@tallystick/trusted-app/testing';
import type { Attack, Finding } from '../attack.ts';
import { finding } from '../attempt.ts';
import type { Purse } from '../purse.ts';
import { attemptEach, refusalOf } from './each.ts';
import { day, genuineList, importing, payerCap, showing, spoilt, underName } from './messages.ts';

/** The most that a payer spends at a time without its PIN. */
const PART = 5_000n;

/** A payer that was revoked, and a payee that is kept from hearing of it. */
export const SUPPRESSED_STATUS_LIST: Attack = {
  name: 'suppressed status list',
  group: 'authority',
  attacker: 'network',
  reference: 'Cappos et al., A Look in the Mirror: Attacks on Package Managers (CCS 2008): freeze',
  aim: 'Go on paying after a revocation by keeping it from the payee.',
  run: async (arena) => {
    const payee = await arena.purse();
    const payer = await arena.bystander({ amount: 30_000n });
    const revoking = genuineList(arena, {
      version: 2,
      issuedAt: day(1),
      revoked: [statusIndexOf(payer)],
    });
    arena.now = day(1);
    const before = await payee.hash();
    let taken = 0n;
    let shown = await paidBy(payer, payee);
    let result = await payee.run(shown);
    while (result.ok && taken < 25_000n) {
      taken += PART;
      shown = await paidBy(payer, payee);
      result = await payee.run(shown);
    }
    const atCap = refusalOf(result);
    await payee.get(revoking, 0);
    const refusal = refusalOf(await payee.run(shown));
    return judged(taken, payerCap(arena), {
      before,
      after: await payee.hash(),
      refusal,
      atCap,
    });
  },
};

function judged(
  taken: bigint,
  cap: bigint,
  seen: {
    readonly before: string;
    readonly after: string;
    readonly refusal: string | null;
    readonly atCap: string | null;
  },
): Finding {
  const { before, after, refusal, atCap } = seen;
  const isBounded = taken <= cap && refusal !== null;
  return finding(isBounded ? 'bounded' : 'succeeded', {
    ran: 'paid under a revoked certificate until the payee took no more, then gave the payee the list that revokes it and showed the last payment again',
    before,
    after,
    refusal,
    remark: `${taken} taken from one payer, of a cap of ${cap} until the payee's next sync; more was ${atCap ?? 'accepted'}; with the list, ${refusal ?? 'accepted'}`,
  });
}

/** A list from before a revocation, after the one that has it. */
export const STALE_STATUS_LIST: Attack = {
  name: 'stale status list',
  group: 'authority',
  attacker: 'network',
  reference: 'Cappos et al., A Look in the Mirror: Attacks on Package Managers (CCS 2008): replay',
  aim: 'Undo a revocation by bringing a list from before it.',
  run: async (arena) => {
    const payee = await arena.purse();
    const payer = await arena.bystander({ amount: 100n });
    const { operator } = arena.scheme;
    await payee.get(genuineList(arena, { version: 3, revoked: [statusIndexOf(payer)] }), 0);
    const old = { base: 1, version: 2, issuedAt: day(0), revoked: [] };
    const delta = operator.sign(statusDelta.encode(old));
    const request = await payee.request(10n);
    const { message } = await payer.pay(request, payee);
    return attemptEach(payee, 'brought lists from before a revocation that the payee knew of', {
      'the list before': () => payee.run(genuineList(arena, { version: 2 })),
      'the first list': () => payee.run(genuineList(arena, { version: 1 })),
      'an older version under a newer date': () =>
        payee.run(genuineList(arena, { version: 2, issuedAt: day(1) })),
      'a delta to an older version': () =>
        payee.run({ kind: 22, delta, certificate: operator.certificate }),
      'then a payment by the revoked payer': () =>
        payee.run(payee.receiving(message, request, payer)),
    });
  },
};

/** A list that the operator never signed. */
export const FORGED_STATUS_LIST: Attack = {
  name: 'forged status list',
  group: 'authority',
  attacker: 'network',
  reference: 'Token Status List (IETF draft-ietf-oauth-status-list)',
  aim: "Revoke somebody honest, or clear somebody revoked, with a list of one's own.",
  run: async (arena) => {
    const purse = await arena.purse();
    const victim = statusIndexOf(await arena.bystander());
    const { scheme } = arena;
    const [, participant] = scheme.participants;
    const other = testScheme('forged').operator;
    const foreign = listBy(other, victim);
    const ofParticipant = listBy(participant.issuer, victim);
    const named = (list: Bytes): Bytes =>
      underName(list, scheme.operator.ref, { typ: STATUS_LIST_TYPE });
    return attemptEach(purse, 'brought lists that the operator had not signed', {
      'by an operator of another scheme': () => purse.run(importing(foreign, other)),
      'by the same, in the name of the operator': () =>
        purse.run(importing(named(foreign), scheme.operator)),
      'by an issuer that is not the operator': () =>
        purse.run(importing(ofParticipant, participant.issuer)),
      'by the same, with the certificate of the operator': () =>
        purse.run(importing(ofParticipant, scheme.operator)),
      'by the operator, with one bit of the signature changed': () =>
        purse.run(importing(spoilt(scheme.signList({ version: 2 })), scheme.operator)),
    });
  },
};

/** A next list that revokes somebody, by whatever key. */
function listBy(signer: Signer, revoked: number): Bytes {
  const content = { uri: 'status', issuedAt: day(0), version: 2, bits: statusBits([revoked]) };
  return signer.signBytes(unsignedStatusList(content, { alg: ES256, ref: signer.ref }));
}

function statusIndexOf({ certificate }: Purse): number {
  return decodePurseCertificate(certificate).profile.statusIndex;
}

/** The next part of what a payer has, on its way to a payee. */
async function paidBy(payer: Purse, payee: Purse): Promise<ReturnType<typeof showing>> {
  const request = await payee.request(PART, day(1) + 600);
  const { message } = await payer.pay(request, payee);
  return showing(message, payer.certificate, request);
}
