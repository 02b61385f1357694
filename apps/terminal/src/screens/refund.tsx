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
  Waiting,
} from '@tallystick/kit';
import { toHex } from '@tallystick/protocol';
import type { PaymentOutcome } from '@tallystick/wallet';
import { type Entry, KIND } from '../device/entry.ts';
import { Refunding } from '../device/refunding.ts';
import { useFailure, useFinder, useMoney, useSurroundings, useWords } from '../parts/context.ts';
import { Gate } from '../parts/gate.tsx';

/** Pays back a sale, to whoever the cashier takes for its customer. */
export function Refund({ id }: { readonly id: string }): JSX.Element {
  const { till } = useSurroundings();
  const { refund: says, sales, back } = useWords();
  const sale = till.journal.findHex(id);
  const home = { href: to('sales', id), label: back };
  if (sale?.kind !== KIND.sale) {
    return (
      <Screen title={says.title} back={{ href: to('sales'), label: back }}>
        <Notice tone="warn">{sales.missing}</Notice>
      </Screen>
    );
  }
  return (
    <Gate title={says.title} back={home}>
      {(pin) => <HowMuch sale={sale} pin={pin} />}
    </Gate>
  );
}

interface OfSale {
  readonly sale: Entry;
  readonly pin: string;
}

/** All that is left, or less. */
function HowMuch({ sale, pin }: OfSale): JSX.Element {
  const { till } = useSurroundings();
  const { refund: says, back, erase } = useWords();
  const money = useMoney();
  const [left] = useState(till.journal.leftOf(sale));
  const [amount, setAmount] = useState(left);
  const [isBegun, setBegun] = useState(false);
  const available = till.refunds.balance.value?.available ?? 0n;
  if (isBegun) return <PayBack sale={sale} pin={pin} amount={amount} />;
  const isReady = amount > 0n && amount <= available;
  return (
    <Screen
      title={says.amount}
      back={{ href: to('sales', toHex(sale.id)), label: back }}
      foot={
        <Button kind="main" disabled={!isReady} onPress={() => setBegun(true)}>
          {says.next(money(amount))}
        </Button>
      }
    >
      {left === 0n && <Notice tone="warn">{says.nothingLeft}</Notice>}
      <p class="money display" role="status">
        {money(amount)}
      </p>
      <p class="quiet">{says.most(money(left))}</p>
      {amount > available && (
        <Notice tone="warn" urgent>
          {says.noPurse(money(available))}
        </Notice>
      )}
      <Keypad amount={amount} onChange={setAmount} most={left} eraseLabel={erase} />
    </Screen>
  );
}

function PayBack({ sale, pin, amount }: OfSale & { readonly amount: bigint }): JSX.Element {
  const { till, go } = useSurroundings();
  const { refund: says, back, cancel, done, working } = useWords();
  const money = useMoney();
  const explain = useFailure();
  const finder = useFinder();
  const refunding = useMemo(
    () => new Refunding(till, sale, amount, pin),
    [till, sale, amount, pin],
  );
  useEffect(() => () => void refunding.end().catch(reportError), [refunding]);
  const stage = refunding.stage.value;
  const scanned = (text: string): void => refunding.scanned(text);
  const address = to('sales', toHex(sale.id));
  const finish = (
    <Button kind="main" onPress={() => go(address)}>
      {done}
    </Button>
  );
  switch (stage.kind) {
    case 'looking':
      return (
        <Screen title={says.title} back={{ href: address, label: cancel }}>
          <p role="status">{says.look(money(amount))}</p>
          {stage.seen !== null && (
            <Notice tone="warn" urgent>
              {stage.seen === 'stranger'
                ? says.stranger
                : says.differs(money(stage.seen), money(amount))}
            </Notice>
          )}
          <Finder {...finder} onText={scanned} />
        </Screen>
      );
    case 'working':
      return (
        <Screen title={says.title} back={{ href: address, label: back }}>
          <Waiting>{working}</Waiting>
        </Screen>
      );
    case 'showing':
      return (
        <Screen
          title={says.show}
          foot={<Button onPress={() => void refunding.end()}>{says.stop}</Button>}
        >
          <p class="money display centred">{money(amount)}</p>
          <div class="charge">
            <Code code={stage.code} label={says.showing(money(amount))} />
            <section aria-label={finder.says.camera.sees}>
              <p class="centred">{says.thenReceipt}</p>
              <Finder {...finder} onText={scanned} isSmall />
            </section>
          </div>
        </Screen>
      );
    case 'over':
      return (
        <Screen title={says.title} foot={finish}>
          <Over outcome={stage.outcome} />
        </Screen>
      );
    case 'failed':
      return (
        <Screen title={says.title} foot={finish}>
          <Outcome tone="bad" icon="cross">
            <h2>{says.failed}</h2>
            <p>{explain(stage.failure)}</p>
          </Outcome>
        </Screen>
      );
  }
}

function Over({ outcome }: { readonly outcome: PaymentOutcome }): JSX.Element {
  const { refund: says } = useWords();
  const money = useMoney();
  const { state, amount } = outcome;
  switch (state) {
    case 'paid':
      return (
        <Outcome icon="check">
          <p class="money display">{says.paid(money(amount))}</p>
        </Outcome>
      );
    case 'takenBack':
      return (
        <Outcome tone="warn" icon="wait">
          <h2>{says.failed}</h2>
          <p>{says.cameBack}</p>
        </Outcome>
      );
    case 'inDoubt':
    case 'sent':
      return (
        <Outcome tone="warn" icon="wait">
          <h2>{says.inDoubt}</h2>
          <p>{says.inDoubtText}</p>
        </Outcome>
      );
  }
}
