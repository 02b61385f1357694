import { Button, LinkButton, Notice, to } from '@tallystick/kit';
import { currencyOf } from '@tallystick/protocol';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { daysOf, kindOf, TIER_FIELDS } from '../data/rules.ts';
import type { Overview, PolicyStanding, TierRules } from '../data/shapes.ts';
import { moneyText, timeText, useSurroundings, useWords } from '../parts/context.ts';
import { Shown, useLoaded } from '../parts/loaded.tsx';
import { Card, Chip, Facts } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';
import { Table } from '../parts/table.tsx';
import { useTask } from '../parts/task.ts';

/** The risk policy in force, and the two ways to another: an emergency, and a proposal. */
export function PolicyRoom(): JSX.Element {
  const { policy: says } = useWords();
  const loaded = useLoaded<PolicyStanding>('/v1/policies/current');
  const overview = useLoaded<Overview>('/v1/overview');
  return (
    <Room title={says.title}>
      <Shown loaded={loaded}>
        {(standing) => (
          <Shown loaded={overview}>
            {({ scheme }) => (
              <>
                <InForce of={standing} onChanged={loaded.refresh} />
                <Tiers of={standing} currency={scheme.currency} />
                <p>
                  <LinkButton kind="main" href={to('policy', 'propose')}>
                    {says.edit}
                  </LinkButton>
                </p>
              </>
            )}
          </Shown>
        )}
      </Shown>
    </Room>
  );
}

/** A rule as people read it. */
export function ruleText(field: string, value: string | number, currency: string): string {
  switch (kindOf(field)) {
    case 'money':
      return currencyOf(currency).ok
        ? moneyText({ amount: String(value), currency })
        : String(value);
    case 'days':
      return daysOf(Number(value));
    case 'number':
      return String(value);
  }
}

function InForce(props: {
  readonly of: PolicyStanding;
  readonly onChanged: () => void;
}): JSX.Element {
  const { of, onChanged } = props;
  const { policy: says } = useWords();
  const { inForce } = of;
  const windows = [
    'hopMax',
    'acceptMinutes',
    'claimSeconds',
    'staleSeconds',
    'graceSeconds',
    'skewSeconds',
    'measurements',
  ] as const;
  return (
    <div class="columns">
      <Card title={says.inForce(inForce.version)}>
        <Facts
          of={[
            [says.issued, timeText(inForce.issuedAt)],
            ...windows.map(
              (field) =>
                [says.fields[field] ?? field, ruleText(field, inForce[field], '')] as const,
            ),
          ]}
        />
      </Card>
      <Emergency isOn={inForce.emergency} onChanged={onChanged} />
    </div>
  );
}

/** Switching takes two presses: the second says what it does. */
function Emergency(props: { readonly isOn: boolean; readonly onChanged: () => void }): JSX.Element {
  const { isOn, onChanged } = props;
  const { api } = useSurroundings();
  const { policy: says, cancel, working } = useWords();
  const [isAsking, setAsking] = useState(false);
  const task = useTask(async () => {
    const switched = await api.post('/v1/emergency', { on: !isOn });
    setAsking(false);
    if (!switched.ok) return switched.error;
    onChanged();
    return null;
  });
  const act = isOn ? says.end : says.declare;
  return (
    <Card title={says.emergency}>
      <p>
        <Chip tone={isOn ? 'warn' : 'good'}>{isOn ? says.emergencyOn : says.emergencyOff}</Chip>
      </p>
      {task.problem !== null && (
        <Notice tone="bad" urgent>
          {task.problem}
        </Notice>
      )}
      {isAsking ? (
        <>
          <p>{says.confirmDeclare}</p>
          <div class="acts">
            <button type="button" class="button danger" onClick={task.start}>
              {task.isRunning ? working : act}
            </button>
            <Button onPress={() => setAsking(false)}>{cancel}</Button>
          </div>
        </>
      ) : (
        <div class="acts">
          <Button onPress={() => setAsking(true)}>{`${act}…`}</Button>
        </div>
      )}
    </Card>
  );
}

function Tiers(props: { readonly of: PolicyStanding; readonly currency: string }): JSX.Element {
  const { of, currency } = props;
  const { policy: says } = useWords();
  const { tierColumns } = says;
  return (
    <Card title={says.tiers}>
      <Table<TierRules>
        caption={says.tiers}
        rows={of.inForce.tiers}
        keyOf={({ tier }) => String(tier)}
        columns={[
          { name: tierColumns.tier, of: ({ tier }) => tierName(of, tier) },
          ...TIER_FIELDS.map((field) => ({
            name: tierColumns[field],
            isNumber: true,
            of: (row: TierRules) => (
              <span class="money">{ruleText(field, row[field], currency)}</span>
            ),
          })),
        ]}
      />
    </Card>
  );
}

export function tierName({ tiers }: PolicyStanding, tier: number): string {
  const name = tiers.find((each) => each.tier === tier)?.name;
  return name === undefined ? String(tier) : `${tier} ${name}`;
}
