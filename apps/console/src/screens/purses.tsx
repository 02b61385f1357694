import type { JSX } from 'preact';
import type { PurseRow } from '../data/shapes.ts';
import { useWords } from '../parts/context.ts';
import { ShownRows, useRows } from '../parts/listed.tsx';
import { PurseLink, Standing, Time } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';
import { Table } from '../parts/table.tsx';

/** Every purse. */
export function Purses(): JSX.Element {
  const { purses: says, none } = useWords();
  const rows = useRows<PurseRow>('/v1/purses');
  const { columns } = says;
  return (
    <Room title={says.title} lead={says.lead}>
      <ShownRows rows={rows} empty={says.empty}>
        {(items) => (
          <Table
            caption={says.title}
            rows={items}
            keyOf={({ id }) => id}
            columns={[
              { name: columns.id, of: ({ id }) => <PurseLink of={id} /> },
              { name: columns.account, of: ({ account }) => account },
              { name: columns.participant, of: ({ participant }) => participant },
              { name: columns.standing, of: (row) => <Standing of={row} /> },
              { name: columns.synced, of: ({ syncedAt }) => <Time of={syncedAt} /> },
              { name: columns.list, isNumber: true, of: ({ listVersion }) => listVersion ?? none },
            ]}
          />
        )}
      </ShownRows>
    </Room>
  );
}
