import type { JSX } from 'preact';
import { Button, Icon, LinkButton, Notice, Screen, to } from '@tallystick/kit';
import type { Balance } from '@tallystick/wallet';
import { useFailure, useMoney, useSurroundings, useWords } from '../parts/context.ts';
import { Items } from '../parts/items.tsx';

const LATELY = 5;
/** From so many days on the holder is told, and from so few more urgently. */
const DAYS_TO_TELL = 5;
const DAYS_TO_URGE = 1;

/** What is there, and the two things to do with it. */
export function Home({ balance }: { readonly balance: Balance }): JSX.Element {
  const { device } = useSurroundings();
  const { homeScreen: says, app } = useWords();
  const money = useMoney();
  const atBank = device.atBank.value;
  const items = device.history.items.value;
  const total = balance.amount + (atBank ?? 0n);
  return (
    <Screen
      title={app}
      aside={
        <a class="button plain" href={to('settings')} aria-label={says.menu}>
          <Icon name="more" />
        </a>
      }
      foot={
        <div class="pair">
          <LinkButton kind="main" icon="scan" href={to('pay')}>
            {says.pay}
          </LinkButton>
          <LinkButton kind="main" icon="code" href={to('receive')}>
            {says.receive}
          </LinkButton>
        </div>
      }
    >
      <section class="card" aria-label={says.total}>
        <p class="quiet">{says.total}</p>
        <p class="money display">{money(total)}</p>
        <div class="bar" aria-hidden="true">
          <i style={{ inlineSize: `${shareOf(balance.amount, total)}%` }} />
        </div>
        <dl class="facts">
          <dt>{says.inPurse}</dt>
          <dd class="money">{money(balance.amount)}</dd>
          {atBank !== null && (
            <>
              <dt>{says.atBank}</dt>
              <dd class="money">{money(atBank)}</dd>
            </>
          )}
        </dl>
        <p class="quiet">{says.available(money(balance.available))}</p>
        <a href={to('money')}>{useWords().money.title}</a>
      </section>
      <Notices balance={balance} />
      <section class="card">
        <h2>{says.recent}</h2>
        {items.length === 0 ? (
          <p class="quiet">{says.empty}</p>
        ) : (
          <>
            <Items items={items.slice(0, LATELY)} />
            <a href={to('history')}>{says.all}</a>
          </>
        )}
      </section>
    </Screen>
  );
}

/** What the holder should know, the most pressing first. */
function Notices({ balance }: { readonly balance: Balance }): JSX.Element {
  const { device } = useSurroundings();
  const { homeScreen: says, again } = useWords();
  const money = useMoney();
  const explain = useFailure();
  const days = device.daysLeft.value ?? DAYS_TO_TELL + 1;
  const problem = device.problem.value;
  const isOnline = device.online.value;
  const sync = (): void => void device.sync().catch(reportError);
  return (
    <>
      {balance.isTampered && (
        <Notice tone="bad" icon="lock" urgent>
          <p>{says.tampered}</p>
          <Button onPress={sync}>{again}</Button>
        </Notice>
      )}
      {days === 0 && (
        <Notice tone="bad" urgent>
          {says.mustSync}
        </Notice>
      )}
      {days > 0 && days <= DAYS_TO_TELL && (
        <Notice tone="warn" urgent={days <= DAYS_TO_URGE}>
          {says.daysLeft(days)}
        </Notice>
      )}
      {balance.inDoubt > 0n && (
        <Notice tone="warn" icon="wait" title={says.inDoubt(money(balance.inDoubt))}>
          {says.inDoubtNext}
        </Notice>
      )}
      {device.updateBy.value !== null && <Notice>{says.update}</Notice>}
      {!isOnline && <Notice icon="offline">{says.offline}</Notice>}
      {isOnline && problem !== null && (
        <Notice tone="warn">
          <p>
            {problem.code === 'BACKEND_UNREACHABLE'
              ? says.syncFailed
              : says.syncRefused(explain(problem))}
          </p>
          <Button onPress={sync}>{again}</Button>
        </Notice>
      )}
    </>
  );
}

/** Of 100, rounded. */
function shareOf(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((100n * part) / whole);
}
