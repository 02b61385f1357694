import {
  type Bytes,
  decodePayload,
  decodeSigned,
  encodeSigned,
  payment as paymentCodec,
  request as requestCodec,
  requestDigest,
} from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  ask,
  askCommand,
  balance,
  load,
  payCommand,
  personalised,
  START,
  type TestPurse,
  testScheme,
} from '../testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
let ada: TestPurse;
let bo: TestPurse;

beforeEach(() => {
  ada = personalised(scheme, alpha, 'ada');
  bo = personalised(scheme, beta, 'bo');
  load(ada, alpha, 1_000n);
});

function pay(request: Bytes, certificate = bo.certificate): Bytes {
  const choices = { amount: 10n, despiteDoubt: true };
  return ada.get(payCommand(request, certificate, choices), 1).message;
}

function receive(payee: TestPurse, payment: Bytes, request: Bytes): string {
  const { certificate } = ada;
  return payee.code({ kind: 6, payment, certificate, request, wantReceipt: true });
}

describe('a request (TS-REQ)', () => {
  it('changes no state, and is different each time', () => {
    const before = bo.backup();
    const both = [ask(bo, 10n), ask(bo, 10n)];
    expect(both[0]).not.toEqual(both[1]);
    expect(bo.backup()).toEqual(before);
  });

  it('is in the currency of the purse (TS-AMT-4)', () => {
    expect(bo.code(askCommand(10n, { currency: 840 }))).toBe('WRONG_CURRENCY');
  });

  it('is recognised without being stored, after a restart too (TS-REQ-4)', () => {
    const request = ask(bo, null);
    const payment = pay(request);
    bo.restart();
    expect(receive(bo, payment, request)).toBe('OK');
  });

  it('is recognised by the purse that made it alone', () => {
    const cy = personalised(scheme, beta, 'cy');
    const request = ask(cy, null);
    const payment = pay(request, cy.certificate);
    expect(receive(bo, payment, request)).toBe('WRONG_PAYEE');
    expect(receive(cy, payment, request)).toBe('OK');
  });

  it('that another device made up under this certificate is foreign', () => {
    const asked = decodePayload(decodeSigned(ask(bo, null)).payload, requestCodec, 'request');
    for (const change of [{ expires: START + 601 }, { amount: 10n }, { isStatic: true }]) {
      const request = bo.forge(bo.certificate, requestCodec.encode({ ...asked, ...change }));
      expect(receive(bo, pay(request), request)).toBe('FOREIGN_REQUEST');
    }
    expect(balance(bo)).toBe(0n);
  });

  it('that is not the one the payer signed leaves the payment unsigned (TS-PAY-5)', () => {
    const payment = pay(ask(bo, null));
    expect(receive(bo, payment, ask(bo, null))).toBe('BAD_SIGNATURE');
  });

  it('made under another certificate than the payment names is the wrong one (TS-PAY-5)', () => {
    const cy = personalised(scheme, beta, 'cy');
    const own = ask(bo, null);
    const foreign = decodeSigned(own);
    // Bo's own request, but its header names Cy's certificate: Ada's broken purse signs over it.
    const request = encodeSigned({ ...foreign, kid: decodeSigned(ask(cy, null)).kid });
    const honest = decodePayload(decodeSigned(pay(own)).payload, paymentCodec, 'payment');
    const external = requestDigest(request);
    const payment = ada.forge(ada.certificate, paymentCodec.encode(honest), external);
    expect(receive(bo, payment, request)).toBe('WRONG_REQUEST');
  });
});

describe('a static code (rule 13)', () => {
  it('takes many payments of whatever amount, one after another', () => {
    const code = ask(bo, null, { isStatic: true, expires: START + 100_000 });
    for (let count = 0; count < 3; count++) {
      const payment = pay(code);
      expect(receive(bo, payment, code)).toBe('OK');
      expect(receive(bo, payment, code)).toBe('OK');
    }
    expect([balance(ada), balance(bo)]).toEqual([970n, 30n]);
  });
});
