import type { Page, Reports, Store, View } from '../../store/port.ts';
import type { CertificateRow, ListRow } from '../../store/rows.ts';
import { readAll } from '../volumes.ts';

/** Read at once. */
const ROWS = 1_000;

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
 * gets each row of a report once, and returns what stands there instead, or nothing for a row removed.
 */
export function tampered<K extends Paged>(
  store: Pick<Store, 'view'>,
  report: K,
  change: (row: Rows[K], index: number) => readonly Rows[K][],
): Pick<Store, 'view'> {
  let changed: Promise<readonly Rows[K][]> | null = null;
  const page = async (reports: Reports, after: string, limit: number): Promise<Page<Rows[K]>> => {
    const read = (from: string) => reports[report](from, ROWS) as Promise<Page<Rows[K]>>;
    changed ??= readAll(read).then((rows) => rows.flatMap(change));
    const rows = await changed;
    const [from, to] = [Number(after), Number(after) + limit];
    return { rows: rows.slice(from, to), next: to < rows.length ? String(to) : null };
  };
  return seen(store, ({ reports }) => ({
    reports: {
      ...reports,
      [report]: (after: string, limit: number) => page(reports, after, limit),
    },
  }));
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
