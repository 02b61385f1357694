import { Button, Field, to } from '@tallystick/kit';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PurseRow } from '../data/shapes.ts';
import { useSurroundings, useWords } from '../parts/context.ts';
import { ShownRows, useRows } from '../parts/listed.tsx';
import { PurseLink, Standing, Time } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';
import { Table } from '../parts/table.tsx';

/** Every purse, and a way to one of them. */
export function Purses(): JSX.Element {
  const { go } = useSurroundings();
  const { purses: says, none } = useWords();
  const [wanted, setWanted] = useState('');
  const rows = useRows<PurseRow>('/v1/purses');
  const { columns } = says;
  return (
    <Room title={says.title} lead={says.lead}>
      <form
        class="filter"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted.trim() !== '') go(to('search', wanted.trim()));
        }}
      >
        <Field label={says.search} hint={says.searchHint} value={wanted} onInput={setWanted} />
        <Button submits>{says.searchButton}</Button>
      </form>
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
