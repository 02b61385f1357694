import {
  attempt,
  type Bytes,
  decodeEntry,
  decodePayload,
  decodeRecord,
  decodeSigned,
  type LogRecord,
  payment as paymentCodec,
  RECORD,
  recordId,
  type Seconds,
} from '@tallystick/protocol';
import type { PendingStore, PurseClient } from '@tallystick/wallet';
import { type Entry, KIND, NOWHERE, STATE, WAY } from './entry.ts';
import type { Journal } from './journal.ts';
import { type Intent, readIntent, removeIntent } from './intent.ts';

const CURSOR = 'recovered';

/** A receipt of the takings purse: money that came in. */
interface Taken {
  readonly id: Bytes;
  readonly amount: bigint;
  readonly position: number;
}

/**
 * Notes the sales that the takings purse has accepted and the journal does not know: the page was closed, or died,
 * between the one and the other. What the money was for nobody knows any more.
 */
export async function recoverSales(
  purse: PurseClient,
  journal: Journal,
  store: PendingStore,
  now: Seconds,
): Promise<void> {
  const status = await purse.status();
  if (!status.ok) return;
  const from = readCursor(await store.get(CURSOR)) + 1;
  const { seq } = status.value;
  if (from > seq) return;
  const log = await purse.readLog(from, seq);
  if (!log.ok) return;
  for (const taken of log.value.flatMap(takenIn)) {
    const known = journal.find(taken.id) ?? { ...UNKNOWN, at: now };
    if (known.position !== taken.position) await journal.note({ ...known, ...taken });
  }
  await store.put(CURSOR, writeCursor(seq));
}

/** Finishes a refund that was under way when the page died: it is noted where the purse has paid, and forgotten where not. */
export async function recoverRefund(
  purse: PurseClient,
  journal: Journal,
  store: PendingStore,
): Promise<void> {
  const intent = await readIntent(store);
  if (intent === null) return;
  const status = await purse.status();
  if (!status.ok) return;
  const log = await purse.readLog(intent.after + 1, status.value.seq);
  if (!log.ok) return;
  const paid = log.value.flatMap((bytes) => paidIn(bytes, intent))[0];
  if (paid !== undefined && journal.find(paid) === undefined)
    await journal.note(refundOf(intent, paid));
  await removeIntent(store);
}

export function refundOf(
  { sale, amount, at }: Intent,
  id: Bytes,
  state: Entry['state'] = STATE.inDoubt,
): Entry {
  return {
    id,
    kind: KIND.refund,
    way: WAY.request,
    state,
    amount,
    at,
    position: NOWHERE,
    lines: [],
    sale,
  };
}

const UNKNOWN = {
  kind: KIND.sale,
  way: WAY.request,
  state: STATE.taken,
  position: NOWHERE,
  lines: [],
  sale: null,
} as const;

function takenIn(bytes: Bytes): readonly Taken[] {
  const read = attempt(() => {
    const { record, evidence } = decodeEntry(bytes);
    const receipt = decodeRecord(record.payload);
    if (receipt.kind !== RECORD.receipt || evidence === null) return [];
    const { value } = decodePayload(decodeSigned(evidence).payload, paymentCodec, 'payment');
    return [{ id: receipt.paymentId, amount: value.amount, position: receipt.seq }];
  });
  return read.ok ? read.value : [];
}

/** The refund purse pays nothing but refunds while one is under way. */
function paidIn(bytes: Bytes, { amount }: Intent): readonly Bytes[] {
  const read = attempt(() => {
    const { record } = decodeEntry(bytes);
    const found: LogRecord = decodeRecord(record.payload);
    const isIt = found.kind === RECORD.payment && found.value.amount === amount;
    return isIt ? [recordId(record)] : [];
  });
  return read.ok ? read.value : [];
}

function readCursor(bytes: Bytes | null): number {
  return bytes?.length === 4 ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) : 0;
}

function writeCursor(position: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, position);
  return bytes;
}
