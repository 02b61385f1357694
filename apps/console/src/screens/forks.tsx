import { to } from '@tallystick/kit';
import type { JSX } from 'preact';
import type { ForkRow } from '../data/shapes.ts';
import { useWords } from '../parts/context.ts';
import { ShownRows, useRows } from '../parts/listed.tsx';
import { Id, PurseLink, Time } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';
import { Table } from '../parts/table.tsx';

/** Every fork that was found. */
export function Forks(): JSX.Element {
  const { forks: says } = useWords();
  const rows = useRows<ForkRow>('/v1/forks');
  const { columns } = says;
  return (
    <Room title={says.title} lead={says.lead}>
      <ShownRows rows={rows} empty={says.empty}>
        {(items) => (
          <Table
            caption={says.title}
            rows={items}
            keyOf={({ digest }) => digest}
            columns={[
              {
                name: columns.proof,
                of: ({ digest }) => (
                  <a href={to('forks', digest)}>
                    <Id of={digest} short />
                  </a>
                ),
              },
              { name: columns.kind, of: ({ kind }) => says.kinds[kind] },
              { name: columns.purse, of: ({ purse }) => <PurseLink of={purse} /> },
              { name: columns.time, of: ({ time }) => <Time of={time} /> },
            ]}
          />
        )}
      </ShownRows>
    </Room>
  );
}
