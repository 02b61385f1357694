import type { Letter } from '../messages.ts';
import type { Changes, Store, Transaction } from '../port.ts';
import type { ListRow } from '../rows.ts';
import { ALICE, BOB, id } from './rows.ts';

/** Runs a test body on a store of its own. */
export type WithStore = (use: (store: Store) => Promise<void>) => Promise<void>;

export function write(
  store: Store,
  changes: Changes,
  purses: readonly string[] = [ALICE],
): Promise<void> {
  return store.transaction(purses, (tx) => tx.write(changes));
}

export function look<T>(
  store: Store,
  read: (tx: Transaction) => Promise<T>,
  of: string = ALICE,
): Promise<T> {
  return store.transaction([of], read);
}

export function message(number: number, from: string = ALICE): Letter {
  const at = { kind: 'closed', payment: id(number), closure: Uint8Array.of(number) } as const;
  return { from, to: BOB, message: at };
}

export function list(version: number, revoked: readonly number[]): ListRow {
  return { version, issuedAt: 1_700_000_000 + version, revoked, wire: Uint8Array.of(version) };
}

/** What a store says to a second row where only one may be. */
export const TAKEN: RegExp = /there already|duplicate key/;

export function sorted<T>(rows: readonly T[]): T[] {
  const keyed = (row: T): string =>
    JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
  return [...rows].sort((a, b) => (keyed(a) < keyed(b) ? -1 : 1));
}
