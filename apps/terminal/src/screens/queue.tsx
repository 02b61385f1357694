import type { JSX } from 'preact';
import { Button, Notice, Screen, to } from '@tallystick/kit';
import { sumOf } from '../device/report.ts';
import { useMoney, useSurroundings, useWords } from '../parts/context.ts';
import { Entries } from '../parts/entries.tsx';
import { Notices } from '../parts/notices.tsx';

/** What the banks' books do not have yet. */
export function Queue(): JSX.Element {
  const { till } = useSurroundings();
  const { queue: says, network, back } = useWords();
  const money = useMoney();
  const waiting = till.queue.value;
  const { count, amount } = sumOf(waiting);
  const isSyncing = till.isSyncing.value;
  return (
    <Screen
      title={says.title}
      back={{ href: to(), label: back }}
      foot={
        <Button
          disabled={isSyncing || !till.online.value}
          onPress={() => void till.sync().catch(reportError)}
        >
          {isSyncing ? network.syncing : network.sync}
        </Button>
      }
    >
      <Notices />
      {count === 0 ? (
        <Notice icon="check">{says.empty}</Notice>
      ) : (
        <>
          <p class="quiet">{says.text}</p>
          <dl class="facts card">
            <dt>{says.count}</dt>
            <dd>{count}</dd>
            <dt>{says.amount}</dt>
            <dd class="money">{money(amount)}</dd>
          </dl>
          <Entries entries={waiting} />
        </>
      )}
    </Screen>
  );
}
