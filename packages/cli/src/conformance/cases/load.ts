import { decodePurseCertificate } from '@tallystick/protocol';
import { START } from '@tallystick/trusted-app/testing';
import type { Bench } from '../bench/bench.ts';
import { counterOffer, counterpart } from '../bench/counterpart.ts';
import { expectCode } from '../bench/expect.ts';
import { readRequest } from '../bench/offered.ts';
import { expectThat } from '../bench/violation.ts';
import { type Case, type Row, topic } from '../case.ts';
import { ORDER } from '../pipe/messages.ts';

/** A load that is answered with something the purse must refuse. */
function refusing(
  row: readonly [name: string, title: string, clauses: readonly string[], code: string],
  make: (bench: Bench, request: Uint8Array) => Uint8Array,
): Row {
  const [name, title, clauses, code] = row;
  const run = async (bench: Bench): Promise<void> => {
    await bench.start();
    const request = await bench.askForLoad(1_000n);
    expectCode(await bench.codeOf({ kind: ORDER.reply, body: make(bench, request) }), code);
    await bench.expectBalance(0n, 'after a load that was refused');
    await bench.load(700n);
    await bench.expectBalance(700n, 'after a good load');
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
      async (bench) => {
        await bench.start();
        const request = await bench.askForLoad(2_500n);
        const { amount, expires } = readRequest(bench, request);
        expectThat(amount === 2_500n, 'a request for 2500', `${amount}`, request);
        expectThat(expires >= START, 'a request with time left', `${expires}`, request);
        const body = bench.issuer.load(request, bench.certificate, 2_500n);
        await bench.done({ kind: ORDER.reply, body });
        await bench.expectBalance(2_500n, 'after the load');
        await bench.load(500n);
        await bench.expectBalance(3_000n, 'after the second load');
      },
    ],
    [
      'power-after-load',
      'a load that was taken survives the loss of power',
      ['TS-PUR-5', 'TS-PAY-12'],
      async (bench) => {
        await bench.start();
        await bench.load(900n);
        await bench.iut.restart();
        await bench.clock(START);
        await bench.expectBalance(900n, 'after the power came back');
      },
    ],
    [
      'power-while-loading',
      'the power fails while a load is taken: it is in, or can be taken again, and never twice',
      ['TS-PUR-5', 'TS-ERR-4'],
      async (bench) => {
        await bench.start();
        const request = await bench.askForLoad(900n);
        const body = bench.issuer.load(request, bench.certificate, 900n);
        await bench.iut.orderAndKill({ kind: ORDER.reply, body }, 1);
        await bench.clock(START);
        const { balance } = await bench.state();
        expectThat(balance === 0n || balance === 900n, 'a balance of 0 or 900', `${balance}`);
        const again = await bench.iut.order({ kind: ORDER.load, amount: 900n });
        const repeated = again.kind === 0 ? again.out[0] : undefined;
        const isSame = repeated !== undefined && repeated.join() === request.join();
        // The issuer answers a repeated request as it did the first time.
        if (isSame) await bench.done({ kind: ORDER.reply, body });
        else await bench.codeOf({ kind: ORDER.reply, body: null });
        const now = (await bench.state()).balance;
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
      (bench) => {
        const { request } = counterOffer(counterpart(bench, 'other'), 1_000n);
        return bench.issuer.load(request, bench.certificate, 1_000n);
      },
    ),
    refusing(
      ['to-another-purse', 'a load to another purse', ['TS-PAY-4'], 'WRONG_PAYEE'],
      (bench, request) =>
        bench.issuer.load(request, bench.certificate, 1_000n, {
          payee: decodePurseCertificate(counterpart(bench, 'other').certificate).ref,
        }),
    ),
    [
      'over-ceiling',
      'a load over what the purse may hold is refused, or never asked for',
      ['TS-LIM-8'],
      async (bench) => {
        await bench.start();
        await bench.load(50_000n);
        const report = await bench.iut.order({ kind: ORDER.load, amount: 1n });
        const request = report.kind === 0 ? report.out[0] : undefined;
        let code = report.kind === 1 ? report.code : null;
        if (request !== undefined) {
          const body = bench.issuer.load(request, bench.certificate, 1n);
          code = await bench.codeOf({ kind: ORDER.reply, body });
        }
        expectCode(code, 'OVER_BALANCE_CEILING');
        await bench.expectBalance(50_000n, 'at the ceiling');
      },
    ],
  ],
);
