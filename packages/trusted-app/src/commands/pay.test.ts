import {
  type Bytes,
  decodePayload,
  decodeSigned,
  payment as paymentCodec,
} from '@tallystick/protocol';
import { describe, expect, it } from 'vitest';
import type { Command } from '../command.ts';
import {
  ask,
  balance,
  load,
  payCommand,
  personalised,
  receiveCommand,
  START,
  sync,
  tap,
  testScheme,
  transfer,
} from '../testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;

describe('a payment (TS-PAY)', () => {
  it('moves money three times with no network, one hop more each time (INV-TRANSIT)', () => {
    const ada = personalised(scheme, alpha, 'ada');
    const bo = personalised(scheme, beta, 'bo');
    const cai = personalised(scheme, alpha, 'cai');
    load(ada, alpha, 5_000n);
    const first = transfer(ada, bo, 2_000n);
    const second = transfer(bo, cai, 1_500n);
    expect([ada, bo, cai].map(balance)).toEqual([3_000n, 500n, 1_500n]);
    const hops = [first, second].map(
      ({ payment }) => decodePayload(decodeSigned(payment).payload, paymentCodec, 'p').value.hop,
    );
    expect(hops).toEqual([1, 2]);
    expect(first.payment.length + ada.certificate.length).toBeLessThanOrEqual(300);
  });

  it('commits before it signs, and signs before it replies (TS-PAY-3)', () => {
    const ada = personalised(scheme, alpha, 'ada');
    const bo = personalised(scheme, beta, 'bo');
    load(ada, alpha, 1_000n);
    const request = ask(bo, 10n);
    ada.effects.length = 0;
    ada.get(payCommand(request, bo.certificate), 1);
    expect(ada.effects).toEqual(['verify', 'verify', 'clock', 'commit', 'sign']);
  });

  it('that cannot be stored changes nothing, and can be made again (TS-TRE-3)', () => {
    const ada = personalised(scheme, alpha, 'ada');
    const bo = personalised(scheme, beta, 'bo');
    load(ada, alpha, 1_000n);
    const request = ask(bo, 10n);
    const before = ada.stored;
    ada.signed.length = 0;
    ada.storageFails = true;
    expect(ada.code(payCommand(request, bo.certificate))).toBe('STORAGE_FAILED');
    expect([ada.stored, ada.signed]).toEqual([before, []]);
    expect(ada.code(payCommand(request, bo.certificate))).toBe('OK');
    expect(balance(ada)).toBe(990n);
  });

  it('goes to a payee twice only when the holder knows of the doubt (TS-PAY-10)', () => {
    const ada = personalised(scheme, alpha, 'ada');
    const bo = personalised(scheme, beta, 'bo');
    load(ada, alpha, 1_000n);
    const first = tap(ada, bo, 10n);
    const request = ask(bo, 20n);
    expect(ada.code(payCommand(request, bo.certificate))).toBe('PAYMENT_IN_DOUBT');
    expect(ada.code(payCommand(request, bo.certificate, { despiteDoubt: true }))).toBe('OK');
    expect(bo.code(receiveCommand(first))).toBe('OK');
    expect(balance(ada)).toBe(970n);
  });

  it('never goes to the purse itself, not even under an older certificate', () => {
    const ada = personalised(scheme, alpha, 'ada');
    load(ada, alpha, 1_000n);
    const request = ask(ada, 10n);
    expect(ada.code(payCommand(request, ada.certificate))).toBe('WRONG_PAYEE');
    const key = ada.purse.keys[0]!;
    ada.edit({
      keys: [key, { ...key, certificate: personalised(scheme, alpha, 'x').certificate }],
    });
    expect(ada.code(payCommand(request, ada.certificate))).toBe('WRONG_PAYEE');
  });

  it('takes the least travelled money first, and leaves the rest free to go on (TS-PAY-9)', () => {
    const ada = personalised(scheme, alpha, 'ada');
    const bo = personalised(scheme, beta, 'bo');
    ada.edit({ balances: [100n, 0n, 50n, 0n, 0n, 7n] });
    const { payment } = tap(ada, bo, 120n);
    const { value } = decodePayload(decodeSigned(payment).payload, paymentCodec, 'payment');
    expect(value.hop).toBe(3);
    expect(ada.purse.balances).toEqual([0n, 0n, 30n, 0n, 0n, 7n]);
    expect(ada.purse.open[0]?.parts).toEqual([
      { hop: 0, amount: 100n },
      { hop: 2, amount: 20n },
    ]);
  });

  it('lets the payer choose only where the request leaves the amount open (TS-PAY-6)', () => {
    const ada = personalised(scheme, alpha, 'ada');
    const bo = personalised(scheme, beta, 'bo');
    load(ada, alpha, 1_000n);
    const open = ask(bo, null, { isStatic: true });
    const fixed = ask(bo, 30n);
    const pay = (request: Uint8Array, amount: bigint | null): string =>
      ada.code(payCommand(request, bo.certificate, { amount, despiteDoubt: true }));
    expect(pay(open, null)).toBe('BAD_AMOUNT');
    expect(pay(open, 25n)).toBe('OK');
    expect(pay(fixed, 31n)).toBe('WRONG_AMOUNT');
    expect(pay(fixed, 30n)).toBe('OK');
    expect(balance(ada)).toBe(945n);
  });

  it('can be answered until the last second of its request (TS-REQ-5)', () => {
    const ada = personalised(scheme, alpha, 'ada');
    const bo = personalised(scheme, beta, 'bo');
    load(ada, alpha, 1_000n);
    const request = ask(bo, 10n);
    ada.clock = START + 601;
    expect(ada.code(payCommand(request, bo.certificate))).toBe('REQUEST_EXPIRED');
    ada.clock = START + 600;
    expect(ada.code(payCommand(request, bo.certificate))).toBe('OK');
  });
});

describe('a payment under an own certificate that no longer stands', () => {
  it('is refused once the certificate or the authority above it expired (TS-CRT-7)', () => {
    const ada = personalised(scheme, alpha, 'ada', { expires: START + 500 });
    const bo = personalised(scheme, beta, 'bo');
    load(ada, alpha, 1_000n);
    const request = ask(bo, 10n);
    ada.edit({ floor: START + 500 });
    expect(ada.code(payCommand(request, bo.certificate))).toBe('CERTIFICATE_EXPIRED');
    ada.edit({ floor: START + 499 });
    expect(ada.code(payCommand(request, bo.certificate))).toBe('OK');
  });

  it('is refused once the purse reads its own revocation (TS-LST-4)', () => {
    const ada = personalised(scheme, alpha, 'ada', { statusIndex: 77 });
    const bo = personalised(scheme, beta, 'bo');
    load(ada, alpha, 1_000n);
    const list = scheme.signList({ version: 2, revoked: [77] });
    ada.get({ kind: 14, list, certificate: scheme.operator.certificate }, 0);
    expect(ada.code(payCommand(ask(bo, 10n), bo.certificate))).toBe('REVOKED');
    expect(ada.code(payCommand(alpha.unloadCode, alpha.issuer.certificate, { amount: 10n }))).toBe(
      'OK',
    );
  });
});

describe('money going home (TS-PAY-12, INV-REDEEM)', () => {
  const home = (amount: bigint, pin: Bytes | null = null): Command =>
    payCommand(alpha.unloadCode, alpha.issuer.certificate, { amount, pin });

  it('is held back neither by limits nor by hops, and takes the most travelled first', () => {
    // Of a tier that may only receive, and asks for the holder from the first cent on.
    const pin = Uint8Array.of(1, 2, 3, 4);
    const ada = personalised(scheme, alpha, 'ada', { tier: 2, pin });
    ada.edit({
      balances: [40n, 0n, 0n, 0n, 0n, 60n],
      spentCount: 20,
      spentTotal: 30_000n,
      syncedAt: START - 100_000_000,
    });
    ada.get(home(70n, pin), 1);
    expect(ada.purse.balances).toEqual([30n, 0n, 0n, 0n, 0n, 0n]);
    expect([ada.purse.spentCount, ada.purse.spentTotal]).toEqual([20, 30_000n]);
  });

  it('goes even when the policy no longer lists the tier', () => {
    const pin = Uint8Array.of(1, 2, 3, 4);
    const ada = personalised(scheme, alpha, 'ada', { pin });
    const bo = personalised(scheme, beta, 'bo');
    load(ada, alpha, 1_000n);
    ada.get({ kind: 13, policy: scheme.signPolicy({ version: 2, tiers: [] }) }, 0);
    expect(ada.get({ kind: 1 }, 3)).toMatchObject({ balance: 1_000n, available: 0n });
    expect(ada.code(payCommand(ask(bo, 10n), bo.certificate))).toBe('WRONG_ROLE');
    expect(ada.code(home(400n))).toBe('PIN_REQUIRED');
    expect(ada.code(home(400n, pin))).toBe('OK');
    expect(balance(ada)).toBe(600n);
  });

  it('goes to the own participant alone', () => {
    const ada = personalised(scheme, alpha, 'ada');
    load(ada, alpha, 1_000n);
    const stranger = payCommand(beta.unloadCode, beta.issuer.certificate, { amount: 1n });
    expect(ada.code(stranger)).toBe('WRONG_ROLE');
  });

  it('does not count against the limits, neither before a sync nor after it', () => {
    const ada = personalised(scheme, alpha, 'ada');
    load(ada, alpha, 1_000n);
    const { to } = ada.get({ kind: 11 }, 4);
    ada.get(home(400n), 1);
    sync(ada, alpha, { ackedTo: to });
    expect([ada.purse.spentCount, ada.purse.spentTotal]).toEqual([0, 0n]);
  });
});
