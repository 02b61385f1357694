import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import {
  Button,
  Choice,
  Field,
  Keypad,
  Notice,
  pinBytes,
  Screen,
  to,
  useTask,
} from '@tallystick/kit';
import { useFailure, useMoney, useSurroundings, useWords } from '../parts/context.ts';

/** What a holder may have kept in the purse, in minor units. */
const LEVELS = [0n, 20_00n, 50_00n, 100_00n, 200_00n];

type Task = 'load' | 'redeem';

/** Moves money between purse and account. */
export function PurseAndBank(): JSX.Element {
  const { device } = useSurroundings();
  const { money: says, back } = useWords();
  const money = useMoney();
  const [task, setTask] = useState<Task | null>(null);
  const { keepFilled } = device.settings.value;
  const levels = LEVELS.includes(keepFilled) ? LEVELS : [...LEVELS, keepFilled];
  if (task !== null) return <Move task={task} onDone={() => setTask(null)} />;
  return (
    <Screen
      title={says.title}
      back={{ href: to(), label: back }}
      foot={
        <>
          <Button kind="main" icon="in" onPress={() => setTask('load')}>
            {says.load}
          </Button>
          <Button icon="bank" onPress={() => setTask('redeem')}>
            {says.redeem}
          </Button>
        </>
      }
    >
      <Choice
        label={says.keep}
        value={keepFilled.toString()}
        options={levels.map((level) => ({
          value: level.toString(),
          label: level === 0n ? says.never : money(level),
        }))}
        onChange={(level) => {
          device.change({ keepFilled: BigInt(level) }).catch(reportError);
        }}
      />
      <p class="quiet">{says.keepHint}</p>
      <Notice>{says.lesson}</Notice>
      {!device.online.value && (
        <Notice tone="warn" icon="offline">
          {says.needsNetwork}
        </Notice>
      )}
    </Screen>
  );
}

function Move(props: { readonly task: Task; readonly onDone: () => void }): JSX.Element {
  const { task, onDone } = props;
  const { device } = useSurroundings();
  const { money: says, cancel, done, erase, pay, working } = useWords();
  const money = useMoney();
  const [amount, setAmount] = useState(0n);
  const [pin, setPin] = useState('');
  const [needsPin, setNeedsPin] = useState(false);
  const [isDone, setDone] = useState(false);
  const most = (task === 'load' ? device.atBank.value : device.balance.value?.amount) ?? 0n;

  const move = useTask(useFailure(), async () => {
    if (amount === 0n) return null;
    const proof = pin === '' ? null : pinBytes(pin);
    const moved = task === 'load' ? await device.load(amount) : await device.redeem(amount, proof);
    setDone(moved.ok);
    const wantsPin = !moved.ok && moved.error.code === 'PIN_REQUIRED' && pin === '';
    if (wantsPin) setNeedsPin(true);
    return moved.ok || wantsPin ? null : moved.error;
  });

  if (isDone) {
    return (
      <Screen
        title={says.title}
        foot={
          <Button kind="main" onPress={onDone}>
            {done}
          </Button>
        }
      >
        <Notice icon="check">
          {(task === 'load' ? says.loaded : says.redeemed)(money(amount))}
        </Notice>
      </Screen>
    );
  }
  return (
    <Screen
      title={task === 'load' ? says.loadAmount : says.redeemAmount}
      foot={
        <>
          <Button kind="main" disabled={amount === 0n || move.isRunning} onPress={move.start}>
            {move.isRunning ? working : task === 'load' ? says.load : says.redeem}
          </Button>
          <Button onPress={onDone}>{cancel}</Button>
        </>
      }
    >
      <p class="money display" role="status">
        {money(amount)}
      </p>
      <Keypad amount={amount} onChange={setAmount} most={most} eraseLabel={erase} />
      {needsPin && (
        <Field
          label={pay.pin}
          value={pin}
          onInput={setPin}
          hint={pay.pinWhy}
          secret
          digits
          autoComplete="current-password"
        />
      )}
      {move.problem !== null && (
        <Notice tone="bad" urgent title={says.failed}>
          {move.problem}
        </Notice>
      )}
    </Screen>
  );
}
