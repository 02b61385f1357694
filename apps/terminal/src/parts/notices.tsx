import type { JSX } from 'preact';
import { Button, Notice } from '@tallystick/kit';
import { useFailure, useSurroundings, useWords } from './context.ts';

/** What the cashier should know about the network and the bank, the most pressing first. */
export function Notices(): JSX.Element {
  const { till } = useSurroundings();
  const { network: says, again } = useWords();
  const explain = useFailure();
  const problem = till.problem.value;
  const isOnline = till.online.value;
  const isTampered = [till.takings, till.refunds].some(
    ({ balance }) => balance.value?.isTampered === true,
  );
  const needsUpdate = [till.takings, till.refunds].some(({ updateBy }) => updateBy.value !== null);
  const retry = (
    <Button onPress={() => void till.sync().catch(reportError)}>
      {till.isSyncing.value ? says.syncing : again}
    </Button>
  );
  return (
    <>
      {isTampered && (
        <Notice tone="bad" icon="lock" urgent>
          <p>{says.tampered}</p>
          {retry}
        </Notice>
      )}
      {needsUpdate && <Notice>{says.update}</Notice>}
      {!isOnline && <Notice icon="offline">{says.offline}</Notice>}
      {isOnline && problem !== null && (
        <Notice tone="warn">
          <p>
            {problem.code === 'BACKEND_UNREACHABLE'
              ? says.unreached
              : says.refused(explain(problem))}
          </p>
          {retry}
        </Notice>
      )}
    </>
  );
}
