import { decodePurseCertificate, encodeFrame } from '@tallystick/protocol';
import { START, type TestPurse } from '@tallystick/trusted-app/testing';
import type { Answer, Rig } from '../rig/rig.ts';
import { payFrame, payFrom } from '../rig/counterpart.ts';
import { expectFrame, expectRefused } from '../rig/expect.ts';
import { Books } from '../rig/log.ts';
import { offered } from '../rig/offered.ts';
import { payerWith } from '../rig/received.ts';
import { expectThat } from '../rig/violation.ts';
import { type Case, topic } from '../case.ts';

function indexOf({ certificate }: TestPurse): number {
  return decodePurseCertificate(certificate).profile.statusIndex;
}

/** Hands a delta over in a contact. */
async function tell(rig: Rig, delta: Uint8Array, by = rig.issuer.scheme.operator): Promise<void> {
  await offered(rig, 1_000n);
  await rig.deliver(encodeFrame({ kind: 9, delta, certificate: by.certificate }));
}

/** An honest payment, and how it is answered. */
async function paidBy(rig: Rig, payer: TestPurse): Promise<Answer> {
  const offer = await offered(rig, 1_000n);
  return rig.deliver(payFrame(payFrom(payer, offer), payer.certificate));
}

async function expectVersion(rig: Rig, wanted: number): Promise<void> {
  const { content, message } = await new Books(rig).state();
  const { listVersion } = content;
  expectThat(
    listVersion === wanted,
    `list version ${wanted} (TS-LST-8)`,
    `${listVersion}`,
    message,
  );
}

export const deltaCases: readonly Case[] = topic(
  'delta',
  ['payee'],
  [
    [
      'told-delta',
      'what a delta revokes is refused, and a complete one is a newer list',
      ['TS-LST-6', 'TS-LST-7', 'TS-LST-8', 'TS-LST-4'],
      async (rig) => {
        await rig.start();
        const payer = payerWith(rig, 2_000n);
        const revoked = [indexOf(payer)];
        await tell(rig, rig.issuer.delta({ base: 1, version: 2, revoked }));
        expectRefused(await paidBy(rig, payer), 'REVOKED');
        await rig.iut.restart();
        await rig.clock(START);
        expectRefused(await paidBy(rig, payer), 'REVOKED');
        await expectVersion(rig, 2);
      },
    ],
    [
      'told-incomplete-delta',
      'what an incomplete delta revokes is refused, but is no newer list',
      ['TS-LST-8', 'TS-LST-4'],
      async (rig) => {
        await rig.start();
        const payer = payerWith(rig, 1_000n);
        const revoked = [indexOf(payer)];
        await tell(rig, rig.issuer.delta({ base: 5, version: 6, revoked }));
        expectRefused(await paidBy(rig, payer), 'REVOKED');
        await expectVersion(rig, 1);
      },
    ],
    [
      'delta-of-participant',
      'a delta that a participant signed revokes nobody',
      ['TS-LST-6', 'TS-CRT-6'],
      async (rig) => {
        await rig.start();
        const payer = payerWith(rig, 1_000n);
        const { issuer } = rig.issuer.own;
        const content = { base: 1, version: 2, revoked: [indexOf(payer)] };
        await tell(rig, rig.issuer.delta(content, issuer), issuer);
        expectFrame(await paidBy(rig, payer), 3);
        await expectVersion(rig, 1);
      },
    ],
    [
      'delta-with-two-spellings',
      'a delta whose set of indices is not in its one encoding revokes nobody',
      ['TS-LST-7', 'TS-ENC-6'],
      async (rig) => {
        await rig.start();
        const payer = payerWith(rig, 1_000n);
        const { operator } = rig.issuer.scheme;
        // The index as so many ones and a zero, with parameter 0: readable, but not how it is written.
        const index = indexOf(payer);
        const bits = new Uint8Array(Math.floor(index / 8) + 1);
        for (let at = 0; at < index; at++)
          bits[at >> 3] = (bits[at >> 3] ?? 0) | (0x80 >> (at & 7));
        await tell(rig, operator.sign([16, 1, 2, START, [1, 0, bits]]));
        expectFrame(await paidBy(rig, payer), 3);
        await expectVersion(rig, 1);
      },
    ],
  ],
);
