import { Choice, to } from '@tallystick/kit';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { isOpen, matchOf, toneOf } from '../data/match.ts';
import type { PaymentRow } from '../data/shapes.ts';
import { useWords } from '../parts/context.ts';
import { ShownRows, useRows } from '../parts/listed.tsx';
import { Amount, Chip, Id, PurseLink, Time } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';
import { Table } from '../parts/table.tsx';

type View = 'all' | 'open' | 'receipts';

/** Payments and their matches: all, those with a half alone, or as payees know them. */
export function Payments(): JSX.Element {
  const { payments: says } = useWords();
  const [view, setView] = useState<View>('all');
  return (
    <Room title={says.title} lead={says.lead}>
      <div class="filter">
        <Choice
          label={says.view}
          value={view}
          options={(['all', 'open', 'receipts'] as const).map((value) => ({
            value,
            label: says.views[value],
          }))}
          onChange={setView}
        />
      </div>
      <Listed key={view} view={view} />
    </Room>
  );
}

function Listed({ view }: { readonly view: View }): JSX.Element {
  const { payments: says } = useWords();
  const rows = useRows<PaymentRow>(view === 'receipts' ? '/v1/receipts' : '/v1/payments');
  return (
    <ShownRows rows={rows} empty={says.empty}>
      {(items) => {
        const shown = view === 'open' ? items.filter(isOpen) : items;
        return (
          <>
            {shown.length === 0 ? (
              <p class="empty">{says.emptyOpen}</p>
            ) : (
              <PaymentTable items={shown} caption={says.views[view]} />
            )}
            {view === 'open' && <p class="quiet">{says.looked(items.length)}</p>}
          </>
        );
      }}
    </ShownRows>
  );
}

function PaymentTable(props: {
  readonly items: readonly PaymentRow[];
  readonly caption: string;
}): JSX.Element {
  const { payments: says, none } = useWords();
  const { columns } = says;
  return (
    <Table
      caption={props.caption}
      rows={props.items}
      keyOf={({ id, payee }) => `${id} ${payee?.purse}`}
      columns={[
        {
          name: columns.id,
          of: ({ id }) => (
            <a href={to('payments', id)}>
              <Id of={id} short />
            </a>
          ),
        },
        { name: columns.amount, isNumber: true, of: ({ amount }) => <Amount of={amount} /> },
        {
          name: columns.payer,
          of: ({ payer, payee }) => {
            if (payer !== null) return <PurseLink of={payer.purse} />;
            return payee === null ? none : says.issuer;
          },
        },
        {
          name: columns.payee,
          of: ({ payer, payee }) => {
            if (payee !== null) return <PurseLink of={payee.purse} />;
            return payer !== null && payer.unload !== null ? says.issuer : none;
          },
        },
        {
          name: columns.state,
          of: (row) => {
            const state = matchOf(row);
            return <Chip tone={toneOf(state)}>{says.states[state]}</Chip>;
          },
        },
        { name: columns.by, of: ({ acceptBy }) => <Time of={acceptBy} /> },
      ]}
    />
  );
}
