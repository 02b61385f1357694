import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Choice, Notice, Screen, to, useTask } from '@tallystick/kit';
import { useFailure, useMoney, useSurroundings, useWords } from '../parts/context.ts';
import { Gate } from '../parts/gate.tsx';

/** What a shop may have kept for refunds, in minor units. */
const LEVELS = [0n, 50_00n, 100_00n, 200_00n, 500_00n];

/** Takings to the bank, and money for refunds from it. */
export function Takings(): JSX.Element {
  const { takings: says, back } = useWords();
  const home = { href: to('more'), label: back };
  return (
    <Gate title={says.title} back={home}>
      {(pin) => <Open pin={pin} />}
    </Gate>
  );
}

function Open({ pin }: { readonly pin: string }): JSX.Element {
  const { till } = useSurroundings();
  const { takings: says, back, working } = useWords();
  const money = useMoney();
  const [paidOut, setPaidOut] = useState<bigint | null>(null);
  const takings = till.takings.balance.value?.amount ?? 0n;
  const refunds = till.refunds.balance.value;
  const payOut = useTask(useFailure(), async () => {
    const paid = await till.payOut(pin);
    setPaidOut(paid.ok ? paid.value : null);
    return paid.ok ? null : paid.error;
  });
  const isIdle = takings > 0n && till.online.value && !payOut.isRunning;
  return (
    <Screen title={says.title} back={{ href: to('more'), label: back }}>
      <section class="card">
        <h2>{says.inTill}</h2>
        <p class="money display">{money(takings)}</p>
        {takings === 0n && paidOut === null && <p class="quiet">{says.none}</p>}
        {paidOut !== null && <Notice icon="check">{says.paidOut(money(paidOut))}</Notice>}
        {payOut.problem !== null && (
          <Notice tone="bad" urgent title={says.failed}>
            {payOut.problem}
          </Notice>
        )}
        <Button kind="main" icon="bank" disabled={!isIdle} onPress={payOut.start}>
          {payOut.isRunning ? working : says.payOut}
        </Button>
        {!till.online.value && <p class="quiet">{says.needsNetwork}</p>}
      </section>
      <section class="card">
        <h2>{says.refundPurse}</h2>
        <p class="money display">{money(refunds?.amount ?? 0n)}</p>
        <dl class="facts">
          <dt>{says.available}</dt>
          <dd class="money">{money(refunds?.available ?? 0n)}</dd>
        </dl>
        <RefundLevel
          value={till.settings.value.refundsFilled}
          onChange={(level) => {
            till
              .change({ refundsFilled: level })
              .then(() => till.sync())
              .catch(reportError);
          }}
        />
      </section>
    </Screen>
  );
}

/** What the refund purse is filled up to. */
export function RefundLevel(props: {
  readonly value: bigint;
  readonly onChange: (level: bigint) => void;
}): JSX.Element {
  const { welcome: says } = useWords();
  const money = useMoney();
  return (
    <>
      <Choice
        label={says.refunds}
        value={props.value.toString()}
        options={LEVELS.map((level) => ({
          value: level.toString(),
          label: level === 0n ? says.none : money(level),
        }))}
        onChange={(level) => props.onChange(BigInt(level))}
      />
      <p class="quiet">{says.refundsHint}</p>
    </>
  );
}
