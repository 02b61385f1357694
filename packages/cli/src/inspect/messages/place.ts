import type { Place, Seconds } from '@tallystick/protocol';
import { field, type FieldText, showCount, showHex, showTime } from '../fields.ts';

/** What opens every log record. */
export const PLACE: {
  readonly seq: FieldText<number, Place>;
  readonly head: FieldText<Uint8Array, Place>;
} = {
  seq: field(showCount, "position in the signer's log; a log has one record at each", 'TS-LOG-1'),
  head: field(showHex, "hash that commits to the signer's log before this record", 'TS-LOG-1'),
};

export const PAYMENT_ID: FieldText<Uint8Array, unknown> = field(
  showHex,
  'id of the payment that this is about',
  'TS-SIG-2',
);

export const LIST_VERSION: FieldText<number, unknown> = field(
  showCount,
  'version of the status list the signer held, by which it judged who is revoked',
  'TS-LST-1',
);

/** Issuer time. */
export function timeText(says: string, clause: string): FieldText<Seconds, unknown> {
  return field(showTime, says, clause);
}
