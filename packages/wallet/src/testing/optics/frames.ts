import { cutDelta, encodeFrame, LIMITS, statusDelta } from '@tallystick/protocol';
import { seededRandom } from '@tallystick/tre';
import { START, type TestScheme } from '@tallystick/trusted-app/testing';
import { encodeQr, QrAssembler, type QrCode, qrDuplex } from '../../transport/index.ts';
import { createWallet, type Wallet } from '../../wallet.ts';
import { Customer } from '../customer.ts';
import { Chance } from './chance.ts';

/** A frame that crosses between two screens. */
export interface ShownFrame {
  readonly name: string;
  readonly bytes: number;
  readonly code: QrCode;
}

/** As much as an animated code has to carry: a proof of a fork, or a status list of a small scheme. */
const LONG_BYTES = 2_000;

/** What two devices show each other in a first payment and in the one after it, and a long frame. */
export async function shownFrames(): Promise<readonly ShownFrame[]> {
  const ada = await Customer.with('ada', 5_000n);
  const bo = await Customer.with('bo', 0n, ada.world, { participant: 1, subject: 'Bäckerei Süß' });
  // The same wallets twice: the second time they know each other's certificates.
  const [payer, payee] = [walletOf(ada), walletOf(bo)];
  const first = await pay(payer, payee, ada);
  const second = await pay(payer, payee, ada);
  const long = encodeQr(seededRandom('a long frame')(LONG_BYTES));
  return [
    named('request', first[0]),
    named('payment with certificate', first[1]),
    named('payment', second[1]),
    named('receipt', second[2]),
    named('status-list delta', encodeQr(delta(ada.world.backend.scheme))),
    { name: 'part of a long frame', bytes: LONG_BYTES, code: long },
  ];
}

/** As many revocations of a million certificates as one code has room for. */
function delta({ operator }: TestScheme): Uint8Array {
  const chance = new Chance('revocations');
  const revocations = Array.from({ length: 200 }, () => ({
    version: 2,
    statusIndex: Math.floor(chance.between(0, 1_000_000)),
  }));
  const history = { since: 1, version: 2, issuedAt: START, revocations };
  const cut = cutDelta(
    history,
    { alg: operator.key.alg, ref: operator.ref },
    LIMITS.deltaCodeBytes,
  );
  if (cut === null) throw new Error('not even an empty delta fits a code');
  const signed = operator.sign(statusDelta.encode(cut));
  return encodeFrame({ kind: 9, delta: signed, certificate: null });
}

function named(name: string, code: QrCode | undefined): ShownFrame {
  const scan = code === undefined ? null : new QrAssembler().add(code.text(0));
  if (code === undefined || scan?.ok !== true || !('done' in scan.value)) {
    throw new Error(`there is no still code of a ${name}`);
  }
  return { name, bytes: scan.value.done.length, code };
}

/** A payment face to face; the codes in the order in which they were shown. */
async function pay(payer: Wallet, payee: Wallet, { world }: Customer): Promise<readonly QrCode[]> {
  const shown: QrCode[] = [];
  const cameras: ((text: string) => unknown)[] = [];
  const screen =
    (other: number) =>
    (code: QrCode | null): void => {
      if (code === null) return;
      shown.push(code);
      cameras[other]?.(code.text(0));
    };
  const [a, b] = [qrDuplex(screen(1)), qrDuplex(screen(0))];
  cameras.push(a.scanned, b.scanned);
  const paying = payer.pay(a.transport, async () => ({ approve: true }));
  const earning = payee.getPaid(b.transport, { amount: 1_250n });
  await world.timer.run(paying);
  await b.transport.close();
  await world.timer.run(earning);
  return shown;
}

function walletOf({ device, network, world }: Customer): Wallet {
  return createWallet({
    element: device,
    backend: network,
    pendingStore: device.store,
    timer: world.timer,
  });
}
