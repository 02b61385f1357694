import { Button, Notice, to } from '@tallystick/kit';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { AuditResult, Listed, Overview, SupplyRow } from '../data/shapes.ts';
import { timeText, useSurroundings, useWords } from '../parts/context.ts';
import { type Loaded, Shown, useLoaded } from '../parts/loaded.tsx';
import { Amount, Card, Chip, Facts, Time } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';
import { Table } from '../parts/table.tsx';
import { useTask } from '../parts/task.ts';

/** How everything stands, live. */
export function OverviewRoom(): JSX.Element {
  const { overview: says } = useWords();
  const overview = useLoaded<Overview>('/v1/overview', true);
  const supply = useLoaded<Listed<SupplyRow>>('/v1/supply', true);
  return (
    <Room title={says.title}>
      <SupplyCard loaded={supply} overview={overview} />
      <Shown loaded={overview}>
        {(now) => (
          <>
            <div class="columns">
              <Health of={now} />
              <Fleet of={now} />
            </div>
            <Spread of={now} />
          </>
        )}
      </Shown>
      <Audit />
    </Room>
  );
}

function SupplyCard(props: {
  readonly loaded: Loaded<Listed<SupplyRow>>;
  readonly overview: Loaded<Overview>;
}): JSX.Element {
  const { loaded, overview } = props;
  const { overview: says } = useWords();
  const known = overview.answer?.ok === true ? overview.answer.value.participants : [];
  const nameOf = (code: string | null): string =>
    code === null ? says.whole : (known.find((each) => each.code === code)?.name ?? code);
  return (
    <Card title={says.supply} lead={says.supplyText}>
      <Shown loaded={loaded}>
        {({ items }) => (
          <Table
            caption={says.supply}
            rows={items}
            keyOf={({ participant, reserve }) => `${participant} ${reserve.currency}`}
            columns={[
              { name: says.columns.who, of: ({ participant }) => nameOf(participant) },
              {
                name: says.columns.reserve,
                isNumber: true,
                of: (row) => <Amount of={row.reserve} />,
              },
              { name: says.columns.loss, isNumber: true, of: (row) => <Amount of={row.loss} /> },
              {
                name: says.columns.position,
                isNumber: true,
                of: (row) => <Amount of={row.position} />,
              },
              {
                name: says.columns.balances,
                isNumber: true,
                of: (row) => <Amount of={row.balances} />,
              },
              {
                name: says.columns.inFlight,
                isNumber: true,
                of: (row) => <Amount of={row.inFlight} />,
              },
              {
                name: says.columns.state,
                of: ({ balanced }) => (
                  <Chip tone={balanced ? 'good' : 'bad'}>
                    {balanced ? says.balanced : says.unbalanced}
                  </Chip>
                ),
              },
            ]}
          />
        )}
      </Shown>
    </Card>
  );
}

function Health({ of }: { readonly of: Overview }): JSX.Element {
  const { overview: says, sandbox } = useWords();
  const { policy, statusList, scheme } = of;
  return (
    <Card title={says.health}>
      <Facts
        of={[
          [scheme.id, scheme.sandbox ? <Chip tone="warn">{sandbox}</Chip> : scheme.name],
          [says.database, <Chip tone="good">{says.answers}</Chip>],
          [says.asOf, <Time of={of.asOf} />],
          [
            says.policy,
            <a href={to('policy')}>{says.policyText(policy.version, timeText(policy.issuedAt))}</a>,
          ],
          [
            says.emergency,
            <Chip tone={policy.emergency ? 'warn' : 'good'}>
              {policy.emergency ? says.on : says.off}
            </Chip>,
          ],
          [
            says.list,
            statusList === null
              ? says.noList
              : says.listText(
                  statusList.version,
                  statusList.revoked,
                  timeText(statusList.issuedAt),
                ),
          ],
          [says.outbox, of.outbox],
        ]}
      />
    </Card>
  );
}

function Fleet({ of }: { readonly of: Overview }): JSX.Element {
  const { overview: says } = useWords();
  const counts = ['all', 'suspect', 'culprit', 'revoked', 'lost'] as const;
  const ages = ['lastDay', 'lastWeek', 'lastMonth', 'earlier', 'never'] as const;
  return (
    <Card title={says.purses}>
      <Facts of={counts.map((each) => [says.counts[each], of.purses[each]] as const)} />
      <h3>{says.syncs}</h3>
      <Facts of={ages.map((each) => [says.ages[each], of.synced[each]] as const)} />
    </Card>
  );
}

function Spread({ of }: { readonly of: Overview }): JSX.Element {
  const { overview: says } = useWords();
  const all = Math.max(1, of.purses.all);
  const percent = (purses: number): number => Math.round((purses * 100) / all);
  return (
    <Card title={says.spread} lead={says.spreadText}>
      <Table
        caption={says.spread}
        rows={of.spread}
        keyOf={({ listVersion }) => String(listVersion)}
        columns={[
          {
            name: says.spreadColumns.version,
            of: ({ listVersion }) => listVersion ?? says.unsaid,
          },
          { name: says.spreadColumns.purses, isNumber: true, of: ({ purses }) => purses },
          {
            name: says.spreadColumns.share,
            of: ({ purses }) => (
              <span class="share">
                <span class="bar" aria-hidden="true">
                  <i style={{ inlineSize: `${percent(purses)}%` }} />
                </span>
                {percent(purses)} %
              </span>
            ),
          },
        ]}
      />
    </Card>
  );
}

function Audit(): JSX.Element {
  const { api } = useSurroundings();
  const { overview: says, working } = useWords();
  const [result, setResult] = useState<AuditResult | null>(null);
  const task = useTask(async () => {
    const answered = await api.post<AuditResult>('/v1/audits', {});
    if (!answered.ok) return answered.error;
    setResult(answered.value);
    return null;
  });
  return (
    <Card title={says.audit} lead={says.auditText}>
      <p>
        <Button onPress={task.start}>{task.isRunning ? working : says.auditStart}</Button>
      </p>
      {task.problem !== null && <Notice tone="bad">{task.problem}</Notice>}
      {result !== null && (
        <Notice {...(result.agrees ? { icon: 'check' } : { tone: 'bad' })}>
          {result.agrees
            ? says.auditAgrees(result.facts, result.payments)
            : says.auditDiffers(result.differencesInAll)}
        </Notice>
      )}
    </Card>
  );
}
