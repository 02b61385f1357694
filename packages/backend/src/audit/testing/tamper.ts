import type { Reports, Store, View } from '../../store/port.ts';
import type { CertificateRow, ListRow } from '../../store/rows.ts';

type Rows = {
  readonly [K in keyof Reports]: Reports[K] extends (
    after: string,
    limit: number,
  ) => Promise<{ readonly rows: readonly (infer R)[] }>
    ? R
    : never;
};

/** Reports that page through rows. */
export type Paged =
  | 'purses'
  | 'facts'
  | 'payerHalves'
  | 'payeeHalves'
  | 'postings'
  | 'balances'
  | 'decisions'
  | 'proofs';

/**
 * The same store, seen through the eyes of somebody whose database was changed by hand: `change`
 * gets each row of a report, and returns what stands there instead, or nothing for a row removed.
 */
export function tampered<K extends Paged>(
  store: Pick<Store, 'view'>,
  report: K,
  change: (row: Rows[K], index: number) => readonly Rows[K][],
): Pick<Store, 'view'> {
  const falsify = (reports: Reports): Reports => ({
    ...reports,
    [report]: async (after: string, limit: number) => {
      const page = await reports[report](after, limit);
      const rows = page.rows as readonly Rows[K][];
      return { ...page, rows: rows.flatMap(change) };
    },
  });
  return seen(store, (view) => ({ reports: falsify(view.reports) }));
}

/** The same store, whose newest status list somebody has replaced by hand. */
export function withList(
  store: Pick<Store, 'view'>,
  change: (list: ListRow) => ListRow | null,
): Pick<Store, 'view'> {
  return seen(store, (view) => ({
    latestList: async () => {
      const list = await view.latestList();
      return list && change(list);
    },
  }));
}

/** The same store, whose certificates somebody has changed by hand. */
export function withCertificates(
  store: Pick<Store, 'view'>,
  change: (row: CertificateRow) => CertificateRow,
): Pick<Store, 'view'> {
  return seen(store, (view) => ({
    certificates: async (refs) => (await view.certificates(refs)).map(change),
    certificatesOf: async (purses) => (await view.certificatesOf(purses)).map(change),
  }));
}

/** The same store, of which a part is seen otherwise. */
function seen(
  store: Pick<Store, 'view'>,
  otherwise: (view: View) => Partial<View>,
): Pick<Store, 'view'> {
  return { view: (work) => store.view((view) => work({ ...view, ...otherwise(view) })) };
}
