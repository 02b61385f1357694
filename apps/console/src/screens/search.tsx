import { to } from '@tallystick/kit';
import type { JSX } from 'preact';
import { useWords } from '../parts/context.ts';
import type { Hit, Listed } from '../data/shapes.ts';
import { Shown, useLoaded } from '../parts/loaded.tsx';
import { Id } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';

const PLACES = { purse: 'purses', payment: 'payments', fact: 'facts' } as const;

/** What has a name that somebody looks for. */
export function Found({ wanted }: { readonly wanted: string }): JSX.Element {
  const { search: says } = useWords();
  const loaded = useLoaded<Listed<Hit>>(`/v1/search?q=${encodeURIComponent(wanted)}`);
  return (
    <Room title={says.title} lead={wanted}>
      <Shown loaded={loaded}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="empty">{says.nothing}</p>
          ) : (
            <ul class="list">
              {items.map(({ kind, id, by, purse }) => (
                <li key={`${kind} ${id} ${purse}`}>
                  <a class="hit" href={to(PLACES[kind], id)}>
                    <strong>{says.kinds[kind]}</strong>
                    <Id of={id} short />
                    <span class="quiet">
                      {kind === 'fact' && purse !== null ? says.of(purse) : says.by[by]}
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </Room>
  );
}
