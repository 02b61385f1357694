import { Button, Field, Notice } from '@tallystick/kit';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Failed } from '../data/api.ts';
import { register } from '../data/passkey.ts';
import type { DeedRow, Listed, StaffRow } from '../data/shapes.ts';
import { timeText, useSurroundings, useWords } from '../parts/context.ts';
import { Shown, useLoaded } from '../parts/loaded.tsx';
import { Card, Time } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';
import { Table } from '../parts/table.tsx';
import { useTask } from '../parts/task.ts';

/** Who may sign in, and what they have done. */
export function StaffRoom(): JSX.Element {
  const { staff: says } = useWords();
  const loaded = useLoaded<Listed<StaffRow>>('/v1/staff');
  const deeds = useLoaded<Listed<DeedRow>>('/v1/staff/deeds');
  const changed = (): void => {
    loaded.refresh();
    deeds.refresh();
  };
  return (
    <Room title={says.title}>
      <Shown loaded={loaded}>{({ items }) => <Members items={items} onChanged={changed} />}</Shown>
      <Invite onChanged={changed} />
      <Card title={says.deeds} lead={says.deedsText}>
        <Shown loaded={deeds}>{({ items }) => <Deeds items={items} />}</Shown>
      </Card>
    </Room>
  );
}

interface KeyRow {
  readonly member: StaffRow;
  readonly key: StaffRow['passkeys'][number];
}

function Members(props: {
  readonly items: readonly StaffRow[];
  readonly onChanged: () => void;
}): JSX.Element {
  const { items, onChanged } = props;
  const { api } = useSurroundings();
  const { staff: says, signIn, working } = useWords();
  const { columns } = says;
  const rows: KeyRow[] = items.flatMap((member) => member.passkeys.map((key) => ({ member, key })));
  const adding = useTask(async () => {
    const failed = await register(api, {}, signIn.labelValue);
    if (failed === null) onChanged();
    return failed;
  });
  return (
    <Card title={says.members}>
      <Table
        caption={says.members}
        rows={rows}
        keyOf={({ key }) => key.name}
        columns={[
          { name: columns.name, of: ({ member }) => member.name },
          { name: columns.since, of: ({ member }) => <Time of={member.addedAt} /> },
          { name: columns.passkey, of: ({ key }) => key.label },
          { name: columns.used, of: ({ key }) => <Time of={key.usedAt} /> },
          {
            name: columns.remove,
            of: ({ member, key }) => (
              <Removal
                of={
                  member.passkeys.length > 1
                    ? { path: `/v1/staff/passkeys/${key.name}`, says: says.removeKey(key.label) }
                    : { path: `/v1/staff/${member.id}`, says: says.removeMember(member.name) }
                }
                onDone={onChanged}
              />
            ),
          },
        ]}
      />
      <div class="acts">
        <Button onPress={adding.start}>{adding.isRunning ? working : says.addKey}</Button>
      </div>
      {adding.problem !== null && (
        <Notice tone="bad" urgent>
          {adding.problem}
        </Notice>
      )}
    </Card>
  );
}

/** Two presses: the second is meant. */
function Removal(props: {
  readonly of: { readonly path: string; readonly says: string };
  readonly onDone: () => void;
}): JSX.Element {
  const { of, onDone } = props;
  const { api } = useSurroundings();
  const { staff: says } = useWords();
  const [isAsked, setAsked] = useState(false);
  const task = useTask(async (): Promise<Failed | null> => {
    const removed = await api.delete(of.path);
    setAsked(false);
    if (!removed.ok) return removed.error;
    onDone();
    return null;
  });
  return (
    <>
      <Button
        label={isAsked ? says.sure : of.says}
        onPress={isAsked ? task.start : () => setAsked(true)}
      >
        {isAsked ? says.sure : says.columns.remove}
      </Button>
      {task.problem !== null && (
        <Notice tone="bad" urgent>
          {task.problem}
        </Notice>
      )}
    </>
  );
}

function Invite({ onChanged }: { readonly onChanged: () => void }): JSX.Element {
  const { api } = useSurroundings();
  const { staff: says, working } = useWords();
  const [name, setName] = useState('');
  const [made, setMade] = useState<{ name: string; code: string } | null>(null);
  const task = useTask(async () => {
    const invited = await api.post<{ name: string; code: string }>('/v1/staff/invitations', {
      name: name.trim(),
    });
    if (!invited.ok) return invited.error;
    setMade(invited.value);
    setName('');
    onChanged();
    return null;
  });
  return (
    <form
      class="card"
      aria-label={says.invite}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') task.start();
      }}
    >
      <h2>{says.invite}</h2>
      <Field label={says.inviteName} value={name} onInput={setName} />
      <div class="acts">
        <Button submits disabled={name.trim() === ''}>
          {task.isRunning ? working : says.inviteButton}
        </Button>
      </div>
      {task.problem !== null && (
        <Notice tone="bad" urgent>
          {task.problem}
        </Notice>
      )}
      {made !== null && (
        <Notice icon="check" title={says.invited(made.name)}>
          <p>{says.invitedText}</p>
          <code class="whole">{made.code}</code>
        </Notice>
      )}
    </form>
  );
}

function Deeds({ items }: { readonly items: readonly DeedRow[] }): JSX.Element {
  const { staff: says } = useWords();
  const { deedColumns: columns } = says;
  if (items.length === 0) return <p class="empty">{says.noDeeds}</p>;
  return (
    <Table
      caption={says.deeds}
      rows={items}
      keyOf={(deed) => JSON.stringify(deed)}
      columns={[
        { name: columns.at, of: ({ at }) => timeText(at) },
        { name: columns.name, of: ({ name }) => name },
        {
          name: columns.request,
          of: ({ request, body }) => (
            <>
              <code>{request}</code> {body !== null && <code class="quiet">{body}</code>}
            </>
          ),
        },
      ]}
    />
  );
}
