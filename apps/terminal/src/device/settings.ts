import {
  attempt,
  decodeBody,
  encodeBody,
  label,
  nullable,
  totalField,
  tuple,
} from '@tallystick/protocol';
import type { PendingStore } from '@tallystick/wallet';

/** What the shop has chosen, kept on the device. */
export interface Settings {
  /** Null before there is a till. */
  readonly participant: string | null;
  readonly shop: string | null;
  /** Which till of the shop this is. */
  readonly lane: string | null;
  /** The account that takings go to. */
  readonly account: string | null;
  /** The account that refunds are paid from. */
  readonly refundAccount: string | null;
  /** Minor units that each sync fills the refund purse up to; 0 where the shop pays none back here. */
  readonly refundsFilled: bigint;
  /** Null where the browser's is followed. */
  readonly language: string | null;
}

const NOTHING: Settings = {
  participant: null,
  shop: null,
  lane: null,
  account: null,
  refundAccount: null,
  refundsFilled: 0n,
  language: null,
};

const codec = tuple<Settings>({
  participant: nullable(label(11)),
  shop: nullable(label()),
  lane: nullable(label()),
  account: nullable(label(34)),
  refundAccount: nullable(label(34)),
  refundsFilled: totalField,
  language: nullable(label(8)),
});
const KEY = 'settings';

export async function readSettings(store: PendingStore): Promise<Settings> {
  const bytes = await store.get(KEY);
  const read = bytes === null ? null : attempt(() => decodeBody(codec, bytes));
  return read?.ok === true ? read.value : NOTHING;
}

export async function writeSettings(store: PendingStore, settings: Settings): Promise<void> {
  await store.put(KEY, encodeBody(codec, settings));
}

/** What payers are shown: the shop and its lane. Null before they are chosen. */
export function displayName({ shop, lane }: Pick<Settings, 'shop' | 'lane'>): string | null {
  return shop === null || lane === null ? null : `${shop}, ${lane}`;
}
