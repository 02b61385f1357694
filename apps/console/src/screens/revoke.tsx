import { Button, Choice, LinkButton, Notice, to } from '@tallystick/kit';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PurseDetail } from '../data/shapes.ts';
import { useSurroundings, useWords } from '../parts/context.ts';
import { Shown, useLoaded } from '../parts/loaded.tsx';
import { Card, Facts, Id, Standing } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';
import { useTask } from '../parts/task.ts';

const REASONS = ['choose', 'stolen', 'closed', 'lost'] as const;
type Reason = (typeof REASONS)[number];

/** Revokes a purse: which, why, and sure. */
export function RevokePurse({ id }: { readonly id: string }): JSX.Element {
  const { revoke: says, purse } = useWords();
  const loaded = useLoaded<PurseDetail>(`/v1/purses/${id}`);
  return (
    <Room title={says.title} lead={says.text} back={{ href: to('purses', id), label: purse.title }}>
      <Shown loaded={loaded}>
        {(row) => (
          <>
            <Card title={purse.title}>
              <Facts
                of={[
                  [purse.id, <Id of={row.id} />],
                  [purse.account, `${row.account}, ${row.participant}`],
                  [purse.standing, <Standing of={row} />],
                ]}
              />
            </Card>
            <Decision id={id} />
          </>
        )}
      </Shown>
    </Room>
  );
}

function Decision({ id }: { readonly id: string }): JSX.Element {
  const { api, go } = useSurroundings();
  const { revoke: says, cancel, working } = useWords();
  const [reason, setReason] = useState<Reason>('choose');
  const [isSure, setSure] = useState(false);
  const [isTold, setTold] = useState(false);
  const revoking = useTask(async () => {
    const revoked = await api.post('/v1/revocations', { purse: id, reason });
    if (!revoked.ok) return revoked.error;
    go(to('purses', id));
    return null;
  });
  const reporting = useTask(async () => {
    const reported = await api.post('/v1/lost-reports', { purse: id });
    if (!reported.ok) return reported.error;
    go(to('purses', id));
    return null;
  });
  const isReady = reason !== 'choose' && isSure;
  const problem = revoking.problem ?? reporting.problem;
  return (
    <form
      class="card"
      aria-label={says.title}
      onSubmit={(event) => {
        event.preventDefault();
        setTold(true);
        if (isReady) revoking.start();
      }}
    >
      <Choice
        label={says.reason}
        value={reason}
        options={REASONS.map((value) => ({ value, label: says.reasons[value] }))}
        onChange={setReason}
      />
      <label class="tick">
        <input
          type="checkbox"
          checked={isSure}
          onChange={({ currentTarget }) => setSure(currentTarget.checked)}
        />
        {says.confirm}
      </label>
      {isTold && !isReady && (
        <Notice tone="warn" urgent>
          {reason === 'choose' ? says.needed : says.confirmNeeded}
        </Notice>
      )}
      {problem !== null && (
        <Notice tone="bad" urgent>
          {problem}
        </Notice>
      )}
      <div class="acts">
        <button type="submit" class="button danger" aria-disabled={isReady ? undefined : 'true'}>
          {revoking.isRunning ? working : says.button}
        </button>
        <LinkButton href={to('purses', id)}>{cancel}</LinkButton>
      </div>
      <p class="quiet">{says.lostHint}</p>
      <div class="acts">
        <Button disabled={!isSure} onPress={reporting.start}>
          {reporting.isRunning ? working : says.reportLost}
        </Button>
      </div>
    </form>
  );
}
