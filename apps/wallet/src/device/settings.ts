import {
  attempt,
  type Bytes,
  decodeBody,
  encodeBody,
  label,
  nullable,
  totalField,
  tuple,
} from '@tallystick/protocol';
import type { PendingStore } from '@tallystick/wallet';
import type { Account } from '@tallystick/kit';

/** What the holder has chosen, kept on the device. */
export interface Settings {
  /** Null before there is a purse. */
  readonly participant: string | null;
  readonly account: string | null;
  /** Minor units that each sync fills the purse up to; 0 where it is filled by hand. */
  readonly keepFilled: bigint;
  /** Null where the browser's is followed. */
  readonly language: string | null;
}

const NOTHING: Settings = { participant: null, account: null, keepFilled: 0n, language: null };

const codec = tuple<Settings>({
  participant: nullable(label(11)),
  account: nullable(label(34)),
  keepFilled: totalField,
  language: nullable(label(8)),
});
const KEY = 'settings';

export async function readSettings(store: PendingStore): Promise<Settings> {
  const bytes = await store.get(KEY);
  const read = bytes === null ? null : attempt(() => decodeBody(codec, bytes));
  return read?.ok === true ? read.value : NOTHING;
}

export async function writeSettings(store: PendingStore, settings: Settings): Promise<void> {
  const bytes: Bytes = encodeBody(codec, settings);
  await store.put(KEY, bytes);
}

/** The account that was chosen; null before. */
export function accountOf({ participant, account }: Settings): Account | null {
  return participant === null || account === null ? null : { participant, account };
}
