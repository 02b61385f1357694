import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import {
  Button,
  Code,
  Finder,
  Keypad,
  Notice,
  Outcome,
  Screen,
  to,
  useTap,
  Waiting,
} from '@tallystick/kit';
import { Earning } from '../device/earning.ts';
import { useFailure, useFinder, useMoney, useSurroundings, useWords } from '../parts/context.ts';

/** Most that a code asks for here; the purse has limits of its own. */
const MOST = 99_999_99n;

/** Asks for money: how much, then a code. */
export function Receive(): JSX.Element {
  const { receive: says, back, erase } = useWords();
  const money = useMoney();
  const [amount, setAmount] = useState(0n);
  const [asked, setAsked] = useState<{ readonly amount: bigint | null } | null>(null);
  if (asked !== null) return <Asking amount={asked.amount} />;
  return (
    <Screen
      title={says.amount}
      back={{ href: to(), label: back }}
      foot={
        <>
          <Button kind="main" disabled={amount === 0n} onPress={() => setAsked({ amount })}>
            {says.next}
          </Button>
          <Button onPress={() => setAsked({ amount: null })}>{says.any}</Button>
        </>
      }
    >
      <p class="money display" role="status">
        {money(amount)}
      </p>
      <Keypad amount={amount} onChange={setAmount} most={MOST} eraseLabel={erase} />
      <p class="quiet">{says.risk}</p>
    </Screen>
  );
}

function Asking({ amount }: { readonly amount: bigint | null }): JSX.Element {
  const { device, go, nearby } = useSurroundings();
  const { receive: says, back, cancel, done, working, orTap } = useWords();
  const money = useMoney();
  const explain = useFailure();
  const finder = useFinder();
  const earning = useMemo(() => new Earning(device, amount), [device, amount]);
  useEffect(() => () => void earning.end().catch(reportError), [earning]);
  useTap(nearby, (tap) => earning.tapped(tap));
  const stage = earning.stage.value;
  const finish = (
    <Button kind="main" onPress={() => go(to())}>
      {done}
    </Button>
  );
  switch (stage.kind) {
    case 'starting':
      return (
        <Screen title={says.title} back={{ href: to(), label: back }}>
          <Waiting>{working}</Waiting>
        </Screen>
      );
    case 'showing':
      return (
        <Screen title={says.show} back={{ href: to(), label: cancel }}>
          <p class="money display">{amount === null ? says.open : money(amount)}</p>
          <Code
            code={stage.code}
            label={amount === null ? says.open : says.request(money(amount))}
          />
          <p>{says.thenPayment}</p>
          {nearby.isPossible && <p>{orTap}</p>}
          <Finder {...finder} onText={(text) => earning.scanned(text)} isSmall />
        </Screen>
      );
    case 'accepted':
      return (
        <Screen title={stage.receipt === null ? says.title : says.receipt} foot={finish}>
          {stage.isForThis ? (
            <Notice icon="check" title={says.accepted(money(stage.accepted.amount))}>
              {says.yours}
            </Notice>
          ) : (
            <Notice tone="warn" urgent title={says.earlier(money(stage.accepted.amount))}>
              {says.earlierText}
            </Notice>
          )}
          {stage.receipt !== null && (
            <>
              <Code code={stage.receipt} label={says.receipt} />
              <p class="quiet">{says.receiptWhy}</p>
            </>
          )}
          {!stage.isForThis && (
            <Finder {...finder} onText={(text) => earning.scanned(text)} isSmall />
          )}
        </Screen>
      );
    case 'over':
      return (
        <Screen title={says.title} foot={finish}>
          {stage.accepted === null ? (
            <Outcome tone="bad" icon="cross">
              <h2>{says.failed}</h2>
              <p>{stage.failure === null ? '' : explain(stage.failure)}</p>
            </Outcome>
          ) : (
            <Outcome icon="check">
              <p class="money display">{says.accepted(money(stage.accepted.amount))}</p>
              <p>{says.yours}</p>
            </Outcome>
          )}
        </Screen>
      );
  }
}
