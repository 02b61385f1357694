import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import {
  Button,
  Code,
  Field,
  Finder,
  Keypad,
  Notice,
  Outcome,
  pinBytes,
  Screen,
  to,
  useTap,
  Waiting,
} from '@tallystick/kit';
import type { PaymentOutcome, Question, WalletResult } from '@tallystick/wallet';
import { Paying } from '../device/paying.ts';
import { useFailure, useFinder, useMoney, useSurroundings, useWords } from '../parts/context.ts';

/** Pays whoever shows a code. */
export function Pay(): JSX.Element {
  const { device, go, nearby } = useSurroundings();
  const { pay: says, back, done, working, orTap } = useWords();
  const money = useMoney();
  const finder = useFinder();
  const paying = useMemo(() => new Paying(device), [device]);
  useEffect(() => () => void paying.end().catch(reportError), [paying]);
  useTap(nearby, (tap) => paying.tapped(tap));
  const [amount, setAmount] = useState<bigint | null>(null);
  const stage = paying.stage.value;
  const scanned = (text: string): void => paying.scanned(text);
  const home = { href: to(), label: back };
  const finish = (
    <Button kind="main" onPress={() => go(to())}>
      {done}
    </Button>
  );

  switch (stage.kind) {
    case 'looking':
      return (
        <Screen title={says.title} back={home}>
          <p role="status">{stage.stranger ? says.stranger : says.look}</p>
          {nearby.isPossible && <p>{orTap}</p>}
          <Finder {...finder} onText={scanned} />
        </Screen>
      );
    case 'asking':
      return (
        <Ask
          key={stage.question.again ?? ''}
          question={stage.question}
          onAnswer={(chosen, pin, despiteDoubt) => {
            setAmount(chosen);
            paying.answer({
              approve: true,
              amount: chosen,
              despiteDoubt,
              ...(pin === '' ? {} : { pin: pinBytes(pin) }),
            });
          }}
        />
      );
    case 'working':
      return (
        <Screen title={says.title} back={home}>
          <Waiting>{working}</Waiting>
        </Screen>
      );
    case 'showing':
      return (
        <Screen
          title={says.show}
          foot={
            <Button onPress={() => (stage.isOneWay ? go(to()) : void paying.end())}>
              {stage.isOneWay ? done : says.stop}
            </Button>
          }
        >
          <Code code={stage.code} label={says.showing(money(amount ?? 0n))} />
          <p>{stage.isOneWay ? says.oneWay : says.thenReceipt}</p>
          {!stage.isOneWay && <Finder {...finder} onText={scanned} isSmall />}
        </Screen>
      );
    case 'over':
      return (
        <Screen title={says.title} foot={finish}>
          <Over result={stage.result} />
        </Screen>
      );
  }
}

function Ask(props: {
  readonly question: Question;
  readonly onAnswer: (amount: bigint, pin: string, despiteDoubt: boolean) => void;
}): JSX.Element {
  const { question, onAnswer } = props;
  const { device } = useSurroundings();
  const { pay: says, cancel, erase } = useWords();
  const money = useMoney();
  const [chosen, setChosen] = useState(question.amount ?? 0n);
  const [pin, setPin] = useState('');
  const needsPin = question.again !== null;
  const isReady = chosen > 0n && (!needsPin || pin.length > 0);
  const submit = (): void => {
    if (isReady) onAnswer(chosen, pin, question.inDoubt > 0n);
  };
  return (
    <Screen
      title={question.amount === null ? says.askOpen : says.ask(money(chosen))}
      back={{ href: to(), label: cancel }}
      foot={
        <Button kind="main" disabled={!isReady} onPress={submit}>
          {question.inDoubt > 0n ? says.despite : says.confirm(money(chosen))}
        </Button>
      }
    >
      <dl class="card">
        <dt class="quiet">{says.to}</dt>
        <dd>
          <strong>{question.displayName ?? says.nobody}</strong>
        </dd>
      </dl>
      <p class="money display">{money(chosen)}</p>
      {question.displayName !== null && <p class="quiet">{says.unverified}</p>}
      {question.amount === null && (
        <Keypad
          amount={chosen}
          onChange={setChosen}
          most={device.balance.value?.available ?? 0n}
          eraseLabel={erase}
        />
      )}
      {question.inDoubt > 0n && (
        <Notice tone="warn" urgent>
          {says.inDoubt(money(question.inDoubt))}
        </Notice>
      )}
      {needsPin && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <Field
            label={says.pin}
            value={pin}
            onInput={setPin}
            hint={says.pinWhy}
            problem={question.again === 'PIN_WRONG' ? says.pinWrong : undefined}
            secret
            digits
            autoComplete="current-password"
            maxLength={32}
          />
        </form>
      )}
    </Screen>
  );
}

function Over({ result }: { readonly result: WalletResult<PaymentOutcome> }): JSX.Element {
  const { pay: says } = useWords();
  const money = useMoney();
  const explain = useFailure();
  if (!result.ok) {
    return (
      <Outcome tone="bad" icon="cross">
        <h2>{says.failed}</h2>
        <p>{explain(result.error)}</p>
      </Outcome>
    );
  }
  const { state, amount } = result.value;
  if (state === 'paid') {
    return (
      <Outcome icon="check">
        <p class="money display">{says.paid(money(amount))}</p>
      </Outcome>
    );
  }
  return (
    <Outcome tone="warn" icon="wait">
      <h2>{state === 'takenBack' ? says.failed : says.inDoubtTitle}</h2>
      <p>{state === 'takenBack' ? says.takenBack : says.inDoubtText}</p>
    </Outcome>
  );
}
