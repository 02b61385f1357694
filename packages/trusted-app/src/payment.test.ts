import { describe, expect, it } from 'vitest';
import { type Bytes, toHex } from '@tallystick/protocol';
import {
  personalised,
  START,
  type TestDevice,
  type TestParticipant,
  testScheme,
} from './testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
type Device = TestDevice & { readonly certificate: Bytes };

function load(device: Device, participant: TestParticipant, amount: bigint): void {
  const request = device.get(
    { kind: 4, currency: 978, amount, expires: START + 600, isStatic: false },
    1,
  ).message;
  const payment = participant.load(request, device.certificate, amount);
  const answer = device.get(
    { kind: 6, payment, certificate: participant.issuer.certificate, request, wantReceipt: true },
    6,
  );
  expect(answer.verdict).toBe(1);
}

function demand(device: Device, amount: bigint | null): Bytes {
  return device.get({ kind: 4, currency: 978, amount, expires: START + 600, isStatic: false }, 1)
    .message;
}

function payRequest(payer: Device, payee: Device, request: Bytes): { message: Bytes; id: Bytes } {
  return payer.get(
    {
      kind: 5,
      request,
      certificate: payee.certificate,
      amount: null,
      pin: null,
      assertHolder: false,
      despiteDoubt: false,
    },
    1,
  );
}

const balance = (device: Device): bigint => device.get({ kind: 1 }, 3).balance;

describe('a payment between two purses (TS-PAY, TS-RCP)', () => {
  it('moves money three times with no network, one hop more each time', () => {
    const [ada, bo, cai] = ['ada', 'bo', 'cai'].map((name, index) =>
      personalised(scheme, index === 1 ? beta : alpha, name),
    ) as [Device, Device, Device];
    load(ada, alpha, 5_000n);
    const first = demand(bo, 2_000n);
    const paid = payRequest(ada, bo, first);
    const receipt = bo.get(
      {
        kind: 6,
        payment: paid.message,
        certificate: ada.certificate,
        request: first,
        wantReceipt: true,
      },
      6,
    );
    ada.get(
      { kind: 8, receipt: receipt.message ?? new Uint8Array(0), certificate: bo.certificate },
      0,
    );
    const second = demand(cai, 1_500n);
    const next = payRequest(bo, cai, second);
    cai.get(
      {
        kind: 6,
        payment: next.message,
        certificate: bo.certificate,
        request: second,
        wantReceipt: false,
      },
      6,
    );
    expect([balance(ada), balance(bo), balance(cai)]).toEqual([3_000n, 500n, 1_500n]);
    expect(ada.get({ kind: 1 }, 3).open[0]?.accepted).toBe(true);
    expect(paid.message.length + ada.certificate.length).toBeLessThanOrEqual(300);
    expect(toHex(paid.id)).toBe(toHex(receipt.paymentId));
  });

  it('commits before it signs, and signs before it replies (TS-PAY-3)', () => {
    const ada = personalised(scheme, alpha, 'ada');
    const bo = personalised(scheme, beta, 'bo');
    load(ada, alpha, 1_000n);
    ada.effects.length = 0;
    payRequest(ada, bo, demand(bo, 10n));
    expect(ada.effects).toEqual(['verify', 'verify', 'clock', 'commit', 'sign']);
  });
});
