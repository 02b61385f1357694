import type { PayeeHalf, PayerHalf } from '@tallystick/backend/core';
import { supply } from '@tallystick/backend/core';
import { toHex } from '@tallystick/protocol';
import type { RealPurse } from './device.ts';
import { type ReplayWorld, secondsAt } from './replay-world.ts';
import type { ModelPurse, ModelWorld } from './trace.ts';

const ALL = 10_000;

/** Every way in which the real parts differ from a state of the model, in words; empty when none. */
export async function differences(
  real: ReplayWorld,
  model: ModelWorld,
): Promise<readonly string[]> {
  const found: string[] = [];
  const compare = (what: string, is: unknown, ought: unknown): void => {
    const [a, b] = [text(is), text(ought)];
    if (a !== b) found.push(`${what} is ${a}, in the model ${b}`);
  };
  for (const [x, purse] of model.purses) comparePurse(real, x, purse, compare);
  await compareOffice(real, model, compare);
  return found;
}

type Compare = (what: string, is: unknown, ought: unknown) => void;

function text(value: unknown): string {
  if (value instanceof Map)
    return text([...value].map(([key, item]) => `${key}: ${text(item)}`).sort());
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
  return String(value);
}

function comparePurse(real: ReplayWorld, x: number, model: ModelPurse, compare: Compare): void {
  const purse: RealPurse = real.purse(x);
  const is = purse.device.purse;
  const name = `purse ${x}:`;
  compare(
    `${name} balance`,
    is.balances.reduce((sum, each) => sum + each, 0n),
    model.balance,
  );
  compare(`${name} position`, is.seq, model.seq);
  compare(`${name} floor`, is.floor, secondsAt(model.floor));
  compare(`${name} last sync`, is.syncedAt, secondsAt(model.synced));
  compare(`${name} epoch`, is.epoch, model.epoch);
  compare(`${name} acknowledged`, is.ackedTo, model.acked);
  compare(`${name} list`, is.listVersion, model.list);
  compare(
    `${name} open`,
    new Map(is.open.map(({ id, state }) => [toHex(id), state === 1])),
    renamed(real, model.open),
  );
  compare(
    `${name} answered`,
    new Map(is.answered.map(({ id, verdict, seq }) => [toHex(id), `${verdict === 1}@${seq}`])),
    new Map(
      [...renamed(real, model.answered)].map(([id, { accepted, seq }]) => [
        id,
        `${accepted}@${seq}`,
      ]),
    ),
  );
}

/** A table of the model under the real record ids. */
function renamed<T>(real: ReplayWorld, table: ReadonlyMap<number, T>): Map<string, T> {
  return new Map([...table].map(([number, value]) => [real.id(number), value]));
}

async function compareOffice(
  real: ReplayWorld,
  model: ModelWorld,
  compare: Compare,
): Promise<void> {
  const { store } = real.office;
  const { ledger, lists, epochs } = model.office;
  const [whole] = await supply(store);
  compare('supply equation', whole?.balanced, true);
  compare('reserve', whole?.reserve, ledger.reserve);
  compare('in flight', whole?.inFlight, ledger.inFlight);
  const balances = (await store.reports.balances('', ALL)).rows;
  const sumOf = (purse: string, account: string): bigint =>
    balances
      .filter((row) => row.purse === purse && row.account === account)
      .reduce((sum, { balance }) => sum + balance, 0n);
  for (const [x, { id }] of real.purses) {
    const row = await store.reports.purse(id);
    compare(`float of ${x}`, -sumOf(id, 'float'), ledger.float.get(x));
    compare(`loss by ${x}`, sumOf(id, 'loss'), ledger.loss.get(x));
    compare(`standing of ${x}`, row?.standing, ledger.standing.get(x));
    compare(`epoch of ${x} at the backend`, row?.epoch, epochs.get(x));
  }
  const payers = (await store.reports.payerHalves('', ALL)).rows;
  const payees = (await store.reports.payeeHalves('', ALL)).rows;
  compare(
    'payer halves',
    new Map(payers.map((half) => [half.payment, payerState(half)])),
    renamed(real, ledger.payer),
  );
  compare(
    'payee halves',
    new Map(payees.map((half) => [half.payment, payeeState(half)])),
    renamed(real, ledger.payee),
  );
  const latest = await store.latestList();
  compare('list version', latest?.version, lists.length);
  compare('revoked', latest?.revoked.length, lists.at(-1)?.revoked.length);
}

/** The words of the model for a half, worked out here once more. */
function payerState(half: PayerHalf): string {
  if (half.unload !== null) return half.unload === 'paid' ? 'redeemed' : half.unload;
  if (half.restored) return 'restored';
  if (half.voided) return 'voided';
  if (half.closed) return 'closed';
  return half.accepted ? 'accepted' : 'open';
}

function payeeState(half: PayeeHalf): string {
  if (!half.addressed) return 'misaddressed';
  if (half.voided) return 'voided';
  if (half.closed) return 'closed';
  if (half.receiptVersion === null) return 'expected';
  const isLate = half.revokedAt !== null && half.receiptVersion >= half.revokedAt;
  return isLate ? 'afterRevocation' : 'accepted';
}
