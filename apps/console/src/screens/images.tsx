import type { JSX } from 'preact';
import type { ImageRow, Listed } from '../data/shapes.ts';
import { useWords } from '../parts/context.ts';
import { Shown, useLoaded } from '../parts/loaded.tsx';
import { Chip, Id, Time } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';
import { Table } from '../parts/table.tsx';

const TONES = { newest: 'good', superseded: 'warn', withdrawn: 'bad' } as const;

/** Trusted applications of the scheme: the newest, those still accepted, those withdrawn. */
export function Images(): JSX.Element {
  const { images: says, noEnd, none } = useWords();
  const loaded = useLoaded<Listed<ImageRow>>('/v1/images');
  const { columns } = says;
  return (
    <Room title={says.title} lead={says.lead}>
      <Shown loaded={loaded}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="empty">{says.empty}</p>
          ) : (
            <Table
              caption={says.title}
              rows={items}
              keyOf={({ version }) => String(version)}
              columns={[
                { name: columns.version, of: ({ version }) => version },
                {
                  name: columns.state,
                  of: ({ state }) => <Chip tone={TONES[state]}>{says.states[state]}</Chip>,
                },
                {
                  name: columns.until,
                  of: ({ state, acceptedUntil }) => {
                    if (acceptedUntil !== null) return <Time of={acceptedUntil} />;
                    return state === 'newest' ? noEnd : none;
                  },
                },
                { name: columns.registered, of: ({ registeredAt }) => <Time of={registeredAt} /> },
                { name: columns.measurement, of: ({ sha256 }) => <Id of={sha256} short /> },
              ]}
            />
          )
        }
      </Shown>
    </Room>
  );
}
