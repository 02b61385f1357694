import {
  decodePurseCertificate,
  ES256,
  statusBits,
  unsignedStatusList,
} from '@tallystick/protocol';
import { DAY, START, TEST_POLICY, testScheme } from '@tallystick/trusted-app/testing';
import type { Rig } from '../rig/rig.ts';
import { payFrame, payFrom, presentFrame } from '../rig/counterpart.ts';
import { expectCode, expectRefused } from '../rig/expect.ts';
import { Books } from '../rig/log.ts';
import { offered } from '../rig/offered.ts';
import { payerWith } from '../rig/received.ts';
import { withBadSignature } from '../rig/spoil.ts';
import { expectThat } from '../rig/violation.ts';
import { type Case, type Row, topic } from '../case.ts';
import { ORDER } from '../pipe/messages.ts';

const foreign = testScheme('foreign');

type Named = readonly [name: string, title: string, clauses: readonly string[], code: string];

/** Signed data that a purse must refuse, on a purse that goes by a second policy and list. */
function refusing(
  [name, title, clauses, code]: Named,
  act: (rig: Rig) => Promise<string | null>,
): Row {
  const run = async (rig: Rig): Promise<void> => {
    await rig.start();
    await taken(rig.adopt('policy', rig.issuer.nextPolicy()));
    await rig.tellList({});
    expectCode(await act(rig), code);
  };
  return [name, title, clauses, run];
}

async function taken(code: Promise<string | null>): Promise<void> {
  const seen = await code;
  expectThat(seen === null, 'that it is taken', `refused with ${seen}`);
}

/** The code with which a load is refused, before it is asked for or when it comes. */
async function loadCode(rig: Rig, amount: bigint): Promise<string | null> {
  const report = await rig.iut.order({ kind: ORDER.load, amount });
  if (report.kind === 1) return report.code;
  const request = report.kind === 0 ? report.out[0] : undefined;
  expectThat(request !== undefined, 'a request or a refusal', 'neither');
  const body = rig.issuer.load(request, rig.certificate, amount);
  return rig.codeOf({ kind: ORDER.reply, body });
}

const policies: readonly Row[] = [
  refusing(['older-policy', 'an older policy', ['TS-POL-3'], 'STALE'], (rig) =>
    rig.adopt('policy', rig.issuer.policy({ version: 1 })),
  ),
  refusing(['foreign-policy', 'a policy of another root', ['TS-POL-1'], 'UNKNOWN_ISSUER'], (rig) =>
    rig.adopt('policy', foreign.signPolicy({ version: 9 })),
  ),
  refusing(
    [
      'forged-policy',
      'a policy whose signature does not verify',
      ['TS-POL-1', 'TS-SIG-3'],
      'BAD_SIGNATURE',
    ],
    (rig) => rig.adopt('policy', withBadSignature(rig.issuer.policy({ version: 9 }))),
  ),
  refusing(
    [
      'policy-of-other-currency',
      'a policy for another currency',
      ['TS-AMT-4', 'TS-POL-1'],
      'WRONG_CURRENCY',
    ],
    (rig) => rig.adopt('policy', rig.issuer.policy({ version: 9, currency: 840 })),
  ),
  refusing(
    [
      'policy-with-a-row-twice',
      'a policy in which one tier stands twice',
      ['TS-POL-2'],
      'BAD_FIELD',
    ],
    (rig) => {
      const tiers = [...TEST_POLICY.tiers, ...TEST_POLICY.tiers];
      return rig.adopt('policy', rig.issuer.policy({ version: 9, tiers }));
    },
  ),
  refusing(
    [
      'policy-of-the-future',
      'a policy from far ahead of clock and floor',
      ['TS-TIM-3'],
      'TIME_SKEW',
    ],
    (rig) => rig.adopt('policy', rig.issuer.policy({ version: 9, issuedAt: START + 31 * DAY })),
  ),
  [
    'newer-policy',
    'a newer policy is in force from then on, through a loss of power',
    ['TS-POL-2', 'TS-POL-3', 'TS-POL-7', 'TS-PUR-5'],
    async (rig) => {
      await rig.start();
      const tiers = TEST_POLICY.tiers.map((row) => ({ ...row, balanceMax: 500n }));
      await taken(rig.adopt('policy', rig.issuer.nextPolicy({ tiers })));
      await rig.iut.restart();
      await rig.clock(START);
      await rig.load(500n);
      expectCode(await loadCode(rig, 1n), 'OVER_BALANCE_CEILING');
    },
  ],
  [
    'same-policy',
    'the policy in force again changes nothing, and is no error',
    ['TS-POL-3', 'TS-ERR-4'],
    async (rig) => {
      await rig.start();
      await taken(rig.adopt('policy', rig.issuer.policy()));
    },
  ],
];

const lists: readonly Row[] = [
  refusing(['older-list', 'an older status list', ['TS-POL-3', 'TS-LST-3'], 'STALE'], (rig) =>
    rig.adopt('list', rig.issuer.list({ version: 1 })),
  ),
  refusing(
    [
      'list-of-participant',
      'a status list that a participant signed',
      ['TS-LST-1', 'TS-CRT-6'],
      'WRONG_ROLE',
    ],
    (rig) => {
      const { issuer } = rig.issuer.own;
      const content = { uri: 'of:participant', issuedAt: START, version: 9, bits: statusBits([]) };
      const list = issuer.signBytes(unsignedStatusList(content, { alg: ES256, ref: issuer.ref }));
      return rig.adopt('list', list, issuer.certificate);
    },
  ),
  refusing(
    [
      'forged-list',
      'a status list whose signature does not verify',
      ['TS-LST-1', 'TS-SIG-3'],
      'BAD_SIGNATURE',
    ],
    (rig) => rig.adopt('list', withBadSignature(rig.issuer.list({ version: 9 }))),
  ),
  refusing(
    [
      'list-of-the-future',
      'a status list from far ahead of clock and floor',
      ['TS-TIM-3'],
      'TIME_SKEW',
    ],
    (rig) => rig.adopt('list', rig.issuer.list({ version: 9, issuedAt: START + 31 * DAY })),
  ),
  refusing(
    [
      'policy-for-a-list',
      'a policy in the place of a list',
      ['TS-ENC-5', 'TS-LST-1'],
      'MISSING_FIELD',
    ],
    (rig) => rig.adopt('list', rig.issuer.policy({ version: 9 })),
  ),
];

const kept: readonly Row[] = [
  [
    'revoked-and-back',
    'an older list that revokes nobody does not bring a culprit back',
    ['TS-POL-3', 'TS-LST-4', 'TS-PUR-5'],
    async (rig) => {
      await rig.start();
      const payer = payerWith(rig, 1_000n);
      const { statusIndex } = decodePurseCertificate(payer.certificate).profile;
      const before = rig.issuer.list();
      await rig.tellList({ revoked: [statusIndex] });
      expectCode(await rig.adopt('list', before), 'STALE');
      await rig.iut.restart();
      await rig.clock(START);
      const offer = await offered(rig, 1_000n);
      const frame = payFrame(payFrom(payer, offer), payer.certificate);
      expectRefused(await rig.deliver(frame), 'REVOKED');
    },
  ],
];

const times: readonly Row[] = [
  [
    'time-reset',
    'the root sets a wrong time back, each reset once, and what was closed stays closed',
    ['TS-TIM-4', 'TS-TIM-6', 'TS-POL-3'],
    async (rig) => {
      await rig.start();
      const payer = payerWith(rig, 1_000n);
      const torn = await offered(rig, 1_000n);
      const paid = payFrom(payer, torn);
      await rig.tellList({ issuedAt: START + 20 * DAY });
      // A statement closes what could not be accepted any more at its floor.
      await rig.done({ kind: ORDER.sync });
      await rig.codeOf({ kind: ORDER.reply, body: null });
      const reset = rig.issuer.nextReset(START);
      await taken(rig.adopt('reset', reset));
      expectCode(await rig.adopt('reset', reset), 'STALE');
      const frame = presentFrame(paid, payer.certificate, torn, false);
      expectRefused(await rig.deliver(frame), 'PAST_ACCEPT_BY');
      const { content, message } = await new Books(rig).state();
      expectThat(content.floor === START, `a floor of ${START}`, `${content.floor}`, message);
    },
  ],
  [
    'foreign-reset',
    'a time reset of another root is refused',
    ['TS-TIM-4'],
    async (rig) => {
      await rig.start();
      const reset = foreign.signByRoot([13, 1, START - DAY]);
      expectCode(await rig.adopt('reset', reset), 'UNKNOWN_ISSUER');
    },
  ],
];

export const schemeCases: readonly Case[] = [
  ...topic('scheme', ['payer', 'payee'], [...policies, ...lists]),
  ...topic('scheme', ['payee'], [...kept, ...times]),
];
