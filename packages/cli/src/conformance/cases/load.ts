import { decodePurseCertificate } from '@tallystick/protocol';
import { START } from '@tallystick/trusted-app/testing';
import type { Rig } from '../rig/rig.ts';
import { counterOffer, counterpart } from '../rig/counterpart.ts';
import { expectCode } from '../rig/expect.ts';
import { readRequest } from '../rig/offered.ts';
import { expectThat } from '../rig/violation.ts';
import { type Case, type Row, topic } from '../case.ts';
import { ORDER } from '../pipe/messages.ts';

/** A load that is answered with something the purse must refuse. */
function refusing(
  row: readonly [name: string, title: string, clauses: readonly string[], code: string],
  make: (rig: Rig, request: Uint8Array) => Uint8Array,
): Row {
  const [name, title, clauses, code] = row;
  const run = async (rig: Rig): Promise<void> => {
    await rig.start();
    const request = await rig.askForLoad(1_000n);
    expectCode(await rig.codeOf({ kind: ORDER.reply, body: make(rig, request) }), code);
    await rig.expectBalance(0n, 'after a load that was refused');
    await rig.load(700n);
    await rig.expectBalance(700n, 'after a good load');
  };
  return [name, title, clauses, run];
}

export const loadCases: readonly Case[] = topic(
  'load',
  ['payer', 'payee'],
  [
    [
      'load',
      'money comes from the issuer, on a signed request',
      ['TS-PAY-12', 'TS-REQ-1', 'TS-LIM-7'],
      async (rig) => {
        await rig.start();
        const request = await rig.askForLoad(2_500n);
        const { amount, expires } = readRequest(rig, request);
        expectThat(amount === 2_500n, 'a request for 2500', `${amount}`, request);
        expectThat(expires >= START, 'a request with time left', `${expires}`, request);
        const body = rig.issuer.load(request, rig.certificate, 2_500n);
        await rig.done({ kind: ORDER.reply, body });
        await rig.expectBalance(2_500n, 'after the load');
        await rig.load(500n);
        await rig.expectBalance(3_000n, 'after the second load');
      },
    ],
    [
      'power-after-load',
      'a load that was taken survives the loss of power',
      ['TS-PUR-5', 'TS-PAY-12'],
      async (rig) => {
        await rig.start();
        await rig.load(900n);
        await rig.iut.restart();
        await rig.clock(START);
        await rig.expectBalance(900n, 'after the power came back');
      },
    ],
    [
      'power-while-loading',
      'the power fails while a load is taken: it is in, or can be taken again, and never twice',
      ['TS-PUR-5', 'TS-ERR-4'],
      async (rig) => {
        await rig.start();
        const request = await rig.askForLoad(900n);
        const body = rig.issuer.load(request, rig.certificate, 900n);
        await rig.iut.orderAndKill({ kind: ORDER.reply, body }, 1);
        await rig.clock(START);
        const { balance } = await rig.state();
        expectThat(balance === 0n || balance === 900n, 'a balance of 0 or 900', `${balance}`);
        const again = await rig.iut.order({ kind: ORDER.load, amount: 900n });
        const repeated = again.kind === 0 ? again.out[0] : undefined;
        const isSame = repeated !== undefined && repeated.join() === request.join();
        // The issuer answers a repeated request as it did the first time.
        if (isSame) await rig.done({ kind: ORDER.reply, body });
        else await rig.codeOf({ kind: ORDER.reply, body: null });
        const now = (await rig.state()).balance;
        const wanted = isSame ? 900n : balance;
        expectThat(now === wanted, `a balance of ${wanted}`, `${now}`);
      },
    ],
    refusing(
      [
        'of-other-participant',
        'a load of another participant',
        ['TS-CRT-6', 'TS-PAY-12'],
        'WRONG_ROLE',
      ],
      ({ issuer, certificate }, request) =>
        issuer.load(request, certificate, 1_000n, {}, issuer.other),
    ),
    refusing(
      [
        'with-hop',
        'a load that says it changed hands',
        ['TS-LIM-7', 'TS-PAY-12'],
        'OVER_HOP_LIMIT',
      ],
      ({ issuer, certificate }, request) => {
        const value = { kind: 1, currency: 978, amount: 1_000n, hop: 1 } as const;
        return issuer.load(request, certificate, 1_000n, { value });
      },
    ),
    refusing(
      ['of-another-amount', 'a load of another amount', ['TS-PAY-6'], 'WRONG_AMOUNT'],
      ({ issuer, certificate }, request) => issuer.load(request, certificate, 2_000n),
    ),
    refusing(
      ['for-another-request', 'a load that answers another request', ['TS-PAY-5'], 'BAD_SIGNATURE'],
      (rig) => {
        const { request } = counterOffer(counterpart(rig, 'other'), 1_000n);
        return rig.issuer.load(request, rig.certificate, 1_000n);
      },
    ),
    refusing(
      ['to-another-purse', 'a load to another purse', ['TS-PAY-4'], 'WRONG_PAYEE'],
      (rig, request) =>
        rig.issuer.load(request, rig.certificate, 1_000n, {
          payee: decodePurseCertificate(counterpart(rig, 'other').certificate).ref,
        }),
    ),
    [
      'over-ceiling',
      'a load over what the purse may hold is refused, or never asked for',
      ['TS-LIM-8'],
      async (rig) => {
        await rig.start();
        await rig.load(50_000n);
        const report = await rig.iut.order({ kind: ORDER.load, amount: 1n });
        const request = report.kind === 0 ? report.out[0] : undefined;
        let code = report.kind === 1 ? report.code : null;
        if (request !== undefined) {
          const body = rig.issuer.load(request, rig.certificate, 1n);
          code = await rig.codeOf({ kind: ORDER.reply, body });
        }
        expectCode(code, 'OVER_BALANCE_CEILING');
        await rig.expectBalance(50_000n, 'at the ceiling');
      },
    ],
  ],
);
