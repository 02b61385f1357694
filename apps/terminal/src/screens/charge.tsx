import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import {
  Button,
  Code,
  Finder,
  Notice,
  Outcome,
  Screen,
  to,
  useTap,
  Waiting,
} from '@tallystick/kit';
import { Selling, type Stage } from '../device/selling.ts';
import { useFailure, useFinder, useMoney, useSurroundings, useWords } from '../parts/context.ts';
import { useAwake } from '../parts/wake.ts';

/** One sale, from its code to its receipt. */
export function Charge(): JSX.Element {
  const { basket } = useSurroundings();
  const { charge: says, back } = useWords();
  const [tries, setTries] = useState(0);
  // What is charged stays the same, whatever becomes of the basket.
  const lines = useMemo(() => basket.all(), [basket]);
  if (lines.length === 0) {
    return (
      <Screen title={says.title} back={{ href: to(), label: back }}>
        <Notice>{says.empty}</Notice>
      </Screen>
    );
  }
  return <Charging key={tries} lines={lines} onAgain={() => setTries(tries + 1)} />;
}

interface ChargingProps {
  readonly lines: readonly bigint[];
  readonly onAgain: () => void;
}

function Charging({ lines, onAgain }: ChargingProps): JSX.Element {
  const { till, nearby, basket, chime } = useSurroundings();
  const { charge: says, back, cancel, working, orTap } = useWords();
  const money = useMoney();
  const finder = useFinder();
  const explain = useFailure();
  useAwake();
  const selling = useMemo(() => new Selling(till, lines), [till, lines]);
  useEffect(() => () => void selling.end().catch(reportError), [selling]);
  useTap(nearby, (tap) => selling.tapped(tap));
  const stage = selling.stage.value;
  useEffect(() => {
    if (stage.kind === 'paid') {
      chime.paid();
      basket.clear();
    }
    if (stage.kind === 'failed' || stage.kind === 'earlier') chime.failed();
  }, [stage.kind]);

  const home = { href: to(), label: cancel };
  switch (stage.kind) {
    case 'starting':
      return (
        <Screen title={says.title} back={{ href: to(), label: back }}>
          <Waiting>{working}</Waiting>
        </Screen>
      );
    case 'showing':
      return (
        <Screen title={says.show} back={home}>
          <p class="money display centred">{money(selling.amount)}</p>
          {stage.isForeign && (
            <Notice tone="warn" urgent>
              {explain({ code: 'BAD_SIGNATURE', message: '' })}
            </Notice>
          )}
          <div class="charge">
            <Code code={stage.code} label={says.request(money(selling.amount))} />
            <section aria-label={finder.says.camera.sees}>
              <p class="centred">{says.thenPayment}</p>
              {nearby.isPossible && <p class="centred">{orTap}</p>}
              <Finder {...finder} onText={(text) => selling.scanned(text)} isSmall />
            </section>
          </div>
        </Screen>
      );
    case 'paid':
      return <Paid stage={stage} />;
    case 'earlier':
      return (
        <Screen
          title={says.title}
          back={home}
          foot={
            <Button kind="main" onPress={onAgain}>
              {says.chargeAgain}
            </Button>
          }
        >
          <Notice tone="warn" urgent title={says.earlier(money(stage.amount))}>
            {says.earlierText}
          </Notice>
          {stage.receipt !== null && <Code code={stage.receipt} label={says.receipt} />}
        </Screen>
      );
    case 'failed':
      return <Failed failure={stage.failure} onAgain={onAgain} />;
  }
}

/** To be seen from across a counter, by both. */
function Paid({ stage }: { readonly stage: Extract<Stage, { kind: 'paid' }> }): JSX.Element {
  const { go } = useSurroundings();
  const { charge: says } = useWords();
  const money = useMoney();
  return (
    <Screen
      title={says.paid(money(stage.amount))}
      foot={
        <Button kind="main" onPress={() => go(to())}>
          {says.next}
        </Button>
      }
    >
      <div class="success">
        <Outcome icon="check">
          <p class="money display">{says.paid(money(stage.amount))}</p>
          <p>{says.yours}</p>
        </Outcome>
      </div>
      {stage.receipt !== null && (
        <section class="receipt" aria-label={says.receipt}>
          <Code code={stage.receipt} label={says.receipt} />
          <p class="quiet centred">{says.receiptWhy}</p>
        </section>
      )}
    </Screen>
  );
}

function Failed(props: {
  readonly failure: { readonly code: string; readonly message: string };
  readonly onAgain: () => void;
}): JSX.Element {
  const { charge: says, cancel } = useWords();
  const explain = useFailure();
  return (
    <Screen
      title={says.title}
      back={{ href: to(), label: cancel }}
      foot={
        <Button kind="main" onPress={props.onAgain}>
          {says.chargeAgain}
        </Button>
      }
    >
      <Outcome tone="bad" icon="cross">
        <h2>{says.failed}</h2>
        <p>{explain(props.failure)}</p>
      </Outcome>
    </Screen>
  );
}
