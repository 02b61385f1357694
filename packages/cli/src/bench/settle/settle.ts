import { decodeReply } from '@tallystick/protocol';
import { type Office, valueOf } from '../office.ts';
import { type StaticCode, WrittenPurse } from './written-purse.ts';

export interface SettleOptions {
  readonly office: Office;
  readonly purses: number;
  readonly paymentsEach: number;
  readonly elapsedMs: () => number;
}

/** Who comes online first: it decides how many signatures must be verified alone. */
export type First = 'payees-first' | 'payers-first';

/** Devices that talk to the backend at the same time. */
const AT_ONCE = 512;
const AMOUNT = 7n;

/**
 * Payments settled a second: both halves uploaded, verified, matched, posted and durable. Every payer
 * pays every payee in turn, so that no two halves of one log belong together.
 */
export async function measureSettling(first: First, options: SettleOptions): Promise<number> {
  const { office, purses, paymentsEach, elapsedMs } = options;
  const payers = await WrittenPurse.openMany(office, purses, AMOUNT * BigInt(paymentsEach));
  const payees = await WrittenPurse.openMany(office, purses, 0n);
  const codes = payees.map((payee) => payee.staticCode());
  payAround(payers, payees, codes, paymentsEach);
  const uploads = { payers: payers.map(upload), payees: payees.map(upload) };
  const order =
    first === 'payees-first' ? [uploads.payees, uploads.payers] : [uploads.payers, uploads.payees];
  const startMs = elapsedMs();
  for (const wave of order) await sendAll(office, wave);
  await office.backend.drain();
  const seconds = (elapsedMs() - startMs) / 1_000;
  return (purses * paymentsEach) / seconds;
}

function payAround(
  payers: readonly WrittenPurse[],
  payees: readonly WrittenPurse[],
  codes: readonly StaticCode[],
  paymentsEach: number,
): void {
  for (let turn = 0; turn < paymentsEach; turn++) {
    for (const [number, payer] of payers.entries()) {
      const to = (number + turn) % payees.length;
      const [payee, code] = [payees[to], codes[to]];
      if (payee === undefined || code === undefined) throw new RangeError('no such payee');
      payee.receive(payer.pay(code, AMOUNT), code.digest, AMOUNT);
    }
  }
}

function upload(purse: WrittenPurse): Uint8Array {
  return purse.upload();
}

async function sendAll({ backend }: Office, uploads: readonly Uint8Array[]): Promise<void> {
  const waiting = [...uploads];
  const send = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { refused } = decodeReply(valueOf(await backend.sync(next)));
      if (refused.length > 0) throw new Error(`an entry was refused: ${refused[0]?.code}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
}
