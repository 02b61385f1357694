import { decodeFrame } from '@tallystick/protocol';
import { encode } from 'uqr';
import { expect, test } from 'vitest';
import { Customer } from '../testing/customer.ts';
import { QrAssembler, type QrCode, qrDuplex } from '../transport/index.ts';
import { createWallet, type Wallet } from '../wallet.ts';

interface Shown {
  readonly kind: number;
  readonly bytes: number;
  /** Codes needed to show it: 1 is a still one. */
  readonly parts: number;
  /** Version of the QR code at error correction level M: it has 17 + 4 × version modules a side. */
  readonly version: number;
}

function measure(code: QrCode): Shown {
  const text = code.text(0);
  const scan = new QrAssembler().add(text);
  if (!scan.ok || !('done' in scan.value)) throw new Error('not a still code');
  const { version } = encode(text, { ecc: 'M', boostEcc: false });
  const frame = scan.value.done;
  return { kind: decodeFrame(frame).kind, bytes: frame.length, parts: code.parts, version };
}

function withScreens(of: Customer): Wallet {
  return createWallet({
    element: of.device,
    backend: of.network,
    pendingStore: of.device.store,
    timer: of.world.timer,
  });
}

/** Two devices face to face: whatever one shows, the other's camera reads. */
async function faceToFace(
  payer: Wallet,
  payee: Wallet,
  world: Customer['world'],
): Promise<{ readonly shown: Shown[]; readonly results: boolean[] }> {
  const shown: Shown[] = [];
  const cameras: ((text: string) => unknown)[] = [];
  const screen =
    (other: number) =>
    (code: QrCode | null): void => {
      if (code === null) return;
      shown.push(measure(code));
      cameras[other]?.(code.text(0));
    };
  const [a, b] = [qrDuplex(screen(1)), qrDuplex(screen(0))];
  cameras.push(a.scanned, b.scanned);
  const paying = payer.pay(a.transport, async () => ({ approve: true }));
  const earning = payee.getPaid(b.transport, { amount: 1_250n });
  const paid = await world.timer.run(paying);
  // Whoever stands at the till ends it once the receipt was scanned.
  await b.transport.close();
  const received = await world.timer.run(earning);
  return { shown, results: [paid.ok && paid.value.state === 'paid', received.ok] };
}

test('a payment between two screens takes three still codes (TS-SES-1)', async () => {
  const ada = await Customer.with('ada', 5_000n);
  const profile = { participant: 1, subject: 'Bäckerei Süß' } as const;
  const bo = await Customer.with('bo', 0n, ada.world, profile);
  const [payer, payee] = [withScreens(ada), withScreens(bo)];
  const first = await faceToFace(payer, payee, ada.world);
  const second = await faceToFace(payer, payee, ada.world);
  expect([...first.results, ...second.results]).toEqual([true, true, true, true]);
  for (const { shown } of [first, second]) {
    expect(shown.map(({ kind }) => kind)).toEqual([1, 2, 3]);
    expect(shown.map(({ parts }) => parts)).toEqual([1, 1, 1]);
    // No code is denser than that of a payment with its certificate in 300 bytes.
    for (const { bytes, version } of shown) {
      expect(bytes).toBeLessThanOrEqual(300);
      expect(version).toBeLessThanOrEqual(13);
    }
  }
  const payment = second.shown.find(({ kind }) => kind === 2);
  expect(payment?.bytes).toBeLessThanOrEqual(160);
});
