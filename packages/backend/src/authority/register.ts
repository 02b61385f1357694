import type { Store } from '../store/port.ts';
import type { CertificateRow, PurseRow } from '../store/rows.ts';

/**
 * Makes certificates known to the store, with the purse that the first of them opens, if it does.
 * What is there already stays as it is, also when somebody else adds it at the same moment.
 */
export async function register(
  store: Store,
  certificates: readonly CertificateRow[],
  opened: readonly PurseRow[] = [],
): Promise<void> {
  const missing = await missingOf(store, certificates);
  if (missing.length === 0) return;
  try {
    const purses = opened.map(({ id }) => id);
    await store.transaction(purses, (tx) => tx.write({ purses: opened, certificates: missing }));
  } catch (error) {
    // A row that is there twice fails the whole transaction; whoever came first has written it all.
    if ((await missingOf(store, certificates)).length > 0) throw error;
  }
}

async function missingOf(
  store: Store,
  certificates: readonly CertificateRow[],
): Promise<CertificateRow[]> {
  const known = await store.certificates(certificates.map(({ ref }) => ref));
  return certificates.filter(({ ref }) => !known.some((row) => row.ref === ref));
}
