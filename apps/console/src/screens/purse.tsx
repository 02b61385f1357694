import { LinkButton, Notice, to } from '@tallystick/kit';
import type { JSX } from 'preact';
import type { Listed, Overview, PurseDetail, StatementRow } from '../data/shapes.ts';
import { timeText, useWords } from '../parts/context.ts';
import { Shown, useLoaded } from '../parts/loaded.tsx';
import { Amount, Card, Chip, Facts, Id, Standing, Time } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';
import { Table } from '../parts/table.tsx';

/** One purse: how it stands, its certificates, what it said of itself; and the way to revoke it. */
export function OnePurse({ id }: { readonly id: string }): JSX.Element {
  const { purse: says, purses } = useWords();
  const loaded = useLoaded<PurseDetail>(`/v1/purses/${id}`, true);
  const statements = useLoaded<Listed<StatementRow>>(`/v1/purses/${id}/statements`, true);
  return (
    <Room title={says.title} back={{ href: to('purses'), label: purses.title }}>
      <Shown loaded={loaded}>
        {(purse) => (
          <>
            <State purse={purse} />
            <Identity purse={purse} />
            <Shown loaded={statements}>{({ items }) => <Statements items={items} />}</Shown>
            <Certificates purse={purse} />
            <Balances purse={purse} />
          </>
        )}
      </Shown>
    </Room>
  );
}

/** What was decided about it, or can be. */
function State({ purse }: { readonly purse: PurseDetail }): JSX.Element {
  const { purse: says } = useWords();
  if (purse.revokedAt === null) {
    return (
      <p>
        <LinkButton href={to('purses', purse.id, 'revoke')}>{says.revoke}</LinkButton>
      </p>
    );
  }
  return (
    <Notice tone="bad" icon="lock">
      <p>{says.revokedText(purse.revokedAt)}</p>
      {purse.horizon !== null && <p>{says.lostText(timeText(purse.horizon))}</p>}
    </Notice>
  );
}

function Identity({ purse }: { readonly purse: PurseDetail }): JSX.Element {
  const { purse: says, never } = useWords();
  const overview = useLoaded<Overview>('/v1/overview');
  const newest = overview.answer?.ok === true ? overview.answer.value.statusList?.version : null;
  const had = purse.listVersion;
  const isBehind = had !== null && newest != null && had < newest;
  return (
    <Card title={says.standing}>
      <Facts
        of={[
          [says.id, <Id of={purse.id} />],
          [says.account, `${purse.account}, ${purse.participant}`],
          [says.standing, <Standing of={purse} />],
          ...(purse.reason === null ? [] : [[says.reason, purse.reason] as const]),
          [says.proven, purse.provenSeq],
          [says.epoch, purse.epoch],
          [says.synced, <Time of={purse.syncedAt} />],
          [says.list, isBehind ? says.listBehind(had, newest) : (had ?? never)],
        ]}
      />
    </Card>
  );
}

function Statements({ items }: { readonly items: readonly StatementRow[] }): JSX.Element {
  const { purse: says, none } = useWords();
  const { statementColumns: columns, conditions } = says;
  return (
    <Card title={says.statements} lead={says.statementsText}>
      {items.length === 0 ? (
        <p class="empty">{says.noStatements}</p>
      ) : (
        <Table
          caption={says.statements}
          rows={items}
          keyOf={({ id }) => id}
          columns={[
            {
              name: columns.seq,
              of: ({ seq, id }) => <a href={to('facts', id)}>{seq}</a>,
            },
            {
              name: columns.floor,
              of: ({ floor }) => (floor === null ? none : <Time of={floor} />),
            },
            {
              name: columns.condition,
              of: ({ condition }) => (
                <Chip tone={toneOf(condition)}>{conditions[condition] ?? condition}</Chip>
              ),
            },
            { name: columns.policy, isNumber: true, of: ({ policyVersion }) => policyVersion },
            { name: columns.list, isNumber: true, of: ({ listVersion }) => listVersion },
            { name: columns.epoch, isNumber: true, of: ({ epoch }) => epoch },
          ]}
        />
      )}
    </Card>
  );
}

function toneOf(condition: string): 'good' | 'warn' | 'bad' {
  if (condition === 'sound') return 'good';
  return condition === 'tampered' ? 'bad' : 'warn';
}

function Certificates({ purse }: { readonly purse: PurseDetail }): JSX.Element {
  const { purse: says } = useWords();
  const { certificateColumns: columns } = says;
  return (
    <Card title={says.certificates}>
      <Table
        caption={says.certificates}
        rows={purse.certificates}
        keyOf={({ ref }) => ref}
        columns={[
          {
            name: columns.ref,
            of: ({ ref, algorithm }) => (
              <>
                <Id of={ref} /> {algorithm}
              </>
            ),
          },
          { name: columns.tier, isNumber: true, of: ({ tier }) => tier },
          { name: columns.image, isNumber: true, of: ({ measurement }) => measurement },
          { name: columns.from, isNumber: true, of: ({ fromSeq }) => fromSeq },
          { name: columns.index, isNumber: true, of: ({ statusIndex }) => statusIndex },
          { name: columns.expires, of: ({ expires }) => <Time of={expires} /> },
        ]}
      />
    </Card>
  );
}

function Balances({ purse }: { readonly purse: PurseDetail }): JSX.Element {
  const { purse: says, none } = useWords();
  const { balanceColumns: columns } = says;
  return (
    <Card title={says.balances}>
      {purse.balances.length === 0 ? (
        <p class="empty">{says.noBalances}</p>
      ) : (
        <Table
          caption={says.balances}
          rows={purse.balances}
          keyOf={({ account, counterparty, balance }) =>
            `${account} ${counterparty} ${balance.currency}`
          }
          columns={[
            { name: columns.account, of: ({ account }) => says.accounts[account] ?? account },
            {
              name: columns.with,
              of: ({ counterparty }) => (counterparty === '' ? none : counterparty),
            },
            { name: columns.balance, isNumber: true, of: ({ balance }) => <Amount of={balance} /> },
          ]}
        />
      )}
    </Card>
  );
}
