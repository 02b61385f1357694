import type { JSX } from 'preact';
import { Button, Icon, Keypad, LinkButton, Screen, to } from '@tallystick/kit';
import { displayName } from '../device/settings.ts';
import { useMoney, useSurroundings, useWords } from '../parts/context.ts';
import { Notices } from '../parts/notices.tsx';

/** Where a cashier is all day: what the customer buys, and what it comes to. */
export function Sell(): JSX.Element {
  const { till, basket, go } = useSurroundings();
  const { sell: says, app, erase } = useWords();
  const money = useMoney();
  const total = basket.total.value;
  return (
    <Screen
      title={displayName(till.settings.value) ?? app}
      aside={
        <a class="button plain" href={to('more')} aria-label={says.menu}>
          <Icon name="more" />
        </a>
      }
      foot={
        <>
          <Button kind="main" disabled={total === 0n} onPress={() => go(to('charge'))}>
            {total === 0n ? says.nothing : says.charge(money(total))}
          </Button>
          <div class="pair">
            <LinkButton icon="code" href={to('counter')}>
              {says.counter}
            </LinkButton>
            <Queue />
          </div>
        </>
      }
    >
      <Notices />
      <div class="sell">
        <section aria-label={says.amount}>
          <p class="money display" role="status">
            {money(basket.typed.value)}
          </p>
          <Keypad
            amount={basket.typed.value}
            onChange={(amount) => basket.type(amount)}
            most={basket.room.value}
            eraseLabel={erase}
          />
          <Button disabled={basket.typed.value === 0n} onPress={() => basket.add()}>
            {says.add}
          </Button>
        </section>
        <List />
      </div>
    </Screen>
  );
}

/** What is in the basket; nothing while there are no lines. */
function List(): JSX.Element | null {
  const { basket } = useSurroundings();
  const { sell: says } = useWords();
  const money = useMoney();
  const lines = basket.lines.value;
  if (lines.length === 0) return null;
  return (
    <section class="card basket" aria-label={says.list}>
      <ul class="list">
        {lines.map((line, index) => (
          // Two lines of one amount are told apart by their place alone.
          <li key={`${index} ${line}`} class="row">
            <span class="quiet">{says.line(index + 1)}</span>
            <span class="money">{money(line)}</span>
            <Button
              kind="plain"
              icon="cross"
              label={says.remove(money(line))}
              onPress={() => basket.remove(index)}
            />
          </li>
        ))}
      </ul>
      <dl class="facts">
        <dt>{says.total}</dt>
        <dd class="money">
          <strong role="status">{money(basket.total.value)}</strong>
        </dd>
      </dl>
      <Button kind="plain" onPress={() => basket.clear()}>
        {says.clear}
      </Button>
    </section>
  );
}

/** How much waits for the bank. */
function Queue(): JSX.Element {
  const { till } = useSurroundings();
  const { sell: says } = useWords();
  const waiting = till.queue.value.length;
  return (
    <LinkButton icon={waiting === 0 ? 'check' : 'wait'} href={to('queue')}>
      {waiting === 0 ? says.settled : says.queue(waiting)}
    </LinkButton>
  );
}
