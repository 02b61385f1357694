import { to } from '@tallystick/kit';
import type { JSX } from 'preact';
import type { AccountRow, Overview } from '../data/shapes.ts';
import { useWords } from '../parts/context.ts';
import { ShownRows, useRows } from '../parts/listed.tsx';
import { Shown, useLoaded } from '../parts/loaded.tsx';
import { Amount, Card, Facts } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';
import { Table } from '../parts/table.tsx';

/** Participants of the scheme, and their accounts at the sandbox rail. */
export function Participants(): JSX.Element {
  const { participants: says, none } = useWords();
  const overview = useLoaded<Overview>('/v1/overview');
  const rows = useRows<AccountRow>('/v1/accounts');
  const { columns } = says;
  return (
    <Room title={says.title}>
      <Shown loaded={overview}>
        {({ participants }) => (
          <Card title={says.title}>
            <Facts of={participants.map(({ code, name }) => [code, name] as const)} />
          </Card>
        )}
      </Shown>
      <Card title={says.accounts}>
        <ShownRows rows={rows} empty={says.empty}>
          {(items) => (
            <Table
              caption={says.accounts}
              rows={items}
              keyOf={({ participant, account }) => `${participant} ${account}`}
              columns={[
                {
                  name: columns.account,
                  of: ({ account }) => <a href={to('search', account)}>{account}</a>,
                },
                { name: columns.participant, of: ({ participant }) => participant },
                { name: columns.shop, of: ({ acceptancePoint }) => acceptancePoint ?? none },
                {
                  name: columns.balance,
                  isNumber: true,
                  of: ({ balance }) => <Amount of={balance} />,
                },
              ]}
            />
          )}
        </ShownRows>
      </Card>
    </Room>
  );
}
