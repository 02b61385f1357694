import {
  type Bytes,
  decodeEntry,
  decodeRecord,
  equal,
  err,
  type LogRecord,
  RECORD,
  recordId,
} from '@tallystick/protocol';
import { need } from '../failure.ts';
import type { PurseClient } from '../purse-client.ts';
import type { PaymentOutcome } from './payment-outcome.ts';

interface Logged {
  readonly id: Bytes;
  readonly record: LogRecord;
}

/**
 * Where an own payment stands that is not in doubt: from the purse's list of open payments, and else
 * from its log, which says for as long as it is kept. Stops with NOT_OPEN when neither knows.
 */
export async function fateOf(purse: PurseClient, paymentId: Bytes): Promise<PaymentOutcome> {
  const { open, seq } = need(await purse.status());
  const nothing = { paymentId, receipt: null, cause: null };
  const accepted = open.find((each) => equal(each.id, paymentId));
  if (accepted !== undefined) {
    const state = accepted.accepted ? 'paid' : 'inDoubt';
    return { ...nothing, state, amount: accepted.amount };
  }
  const log = need(await purse.readLog(1, seq)).map(readEntry);
  const amount = log.map((each) => amountPaid(each, paymentId)).find((each) => each !== null);
  const isRestored = log.some(
    ({ record }) => record.kind === RECORD.restore && equal(record.paymentId, paymentId),
  );
  if (!isRestored || amount == null) {
    return need(err('NOT_OPEN', 'it was resolved long ago, or never made by this purse'));
  }
  return { ...nothing, state: 'takenBack', amount };
}

function readEntry(entry: Bytes): Logged {
  const { record } = decodeEntry(entry);
  return { id: recordId(record), record: decodeRecord(record.payload) };
}

function amountPaid({ id, record }: Logged, paymentId: Bytes): bigint | null {
  return record.kind === RECORD.payment && equal(id, paymentId) ? record.value.amount : null;
}
