import { toHex } from '@tallystick/protocol';
import { STAFF_LIMITS } from './limits.ts';
import { STAFF_LOCK, type StaffParts } from './parts.ts';
import { type Deed, staffRecords } from './records.ts';

const NAME_BYTES = 8;
/** What time is subtracted from, so that the newest comes first by name. */
const END_OF_TIME = 9_999_999_999;

/** Keeps what a member had done. */
export async function noteDeed(
  { store, clock, random }: StaffParts,
  deed: Omit<Deed, 'at'>,
): Promise<void> {
  const at = clock();
  const name = `${String(END_OF_TIME - at).padStart(10, '0')}/${toHex(random(NAME_BYTES))}`;
  await store.exclusive(STAFF_LOCK, (documents) =>
    staffRecords(documents).deeds.put(name, { ...deed, at }),
  );
}

/** What was done last, newest first. */
export async function listDeeds({ store }: StaffParts): Promise<readonly Deed[]> {
  const found = await store.exclusive(STAFF_LOCK, (documents) =>
    staffRecords(documents).deeds.list(STAFF_LIMITS.deedsShown),
  );
  return found.map(({ value }) => value);
}
