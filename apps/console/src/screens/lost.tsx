import { Button, Notice } from '@tallystick/kit';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { LostRow } from '../data/shapes.ts';
import { useSurroundings, useWords } from '../parts/context.ts';
import { ShownRows, useRows } from '../parts/listed.tsx';
import { Amount, PurseLink, Time } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';
import { Table } from '../parts/table.tsx';
import { useTask } from '../parts/task.ts';

/** Devices that were reported lost, and what is given back. */
export function LostDevices(): JSX.Element {
  const { api } = useSurroundings();
  const { lost: says, working } = useWords();
  const rows = useRows<LostRow>('/v1/lost-reports');
  const [refunded, setRefunded] = useState<number | null>(null);
  const task = useTask(async () => {
    const made = await api.post<{ refunds: number }>('/v1/refunds', {});
    if (!made.ok) return made.error;
    setRefunded(made.value.refunds);
    return null;
  });
  const { columns } = says;
  return (
    <Room title={says.title} lead={says.lead}>
      <ShownRows rows={rows} empty={says.empty}>
        {(items) => (
          <Table
            caption={says.title}
            rows={items}
            keyOf={({ purse }) => purse}
            columns={[
              { name: columns.purse, of: ({ purse }) => <PurseLink of={purse} /> },
              {
                name: columns.account,
                of: ({ account, participant }) => `${account}, ${participant}`,
              },
              { name: columns.reported, of: ({ reportedAt }) => <Time of={reportedAt} /> },
              { name: columns.horizon, of: ({ horizon }) => <Time of={horizon} /> },
              {
                name: columns.refunded,
                isNumber: true,
                of: ({ refunded: sum }) => <Amount of={sum} />,
              },
            ]}
          />
        )}
      </ShownRows>
      <p>
        <Button onPress={task.start}>{task.isRunning ? working : says.refund}</Button>
      </p>
      {task.problem !== null && <Notice tone="bad">{task.problem}</Notice>}
      {refunded !== null && <Notice icon="check">{says.refunded(refunded)}</Notice>}
    </Room>
  );
}
