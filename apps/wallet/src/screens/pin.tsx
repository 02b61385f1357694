import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field, Notice, Screen, to } from '@tallystick/kit';
import { useFailure, useSurroundings, useWords } from '../parts/context.ts';
import { PIN_DIGITS_MIN, pinBytes } from '../parts/pin.ts';

/** Another PIN, for whoever knows the one before. */
export function ChangePin(): JSX.Element {
  const { device } = useSurroundings();
  const { settings: says, welcome, pay, back } = useWords();
  const explain = useFailure();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [isChecked, setChecked] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [isDone, setDone] = useState(false);
  const nextProblem = next.length < PIN_DIGITS_MIN ? welcome.pinTooShort : undefined;
  const againProblem = again === next ? undefined : welcome.pinDiffers;

  const change = async (): Promise<void> => {
    setChecked(true);
    if (nextProblem !== undefined || againProblem !== undefined) return;
    const changed = await device.wallet.purse.setPin(pinBytes(current), pinBytes(next));
    await device.refresh();
    if (changed.ok) setDone(true);
    else setProblem(explain(changed.error));
  };

  const home = { href: to('settings'), label: back };
  if (isDone) {
    return (
      <Screen title={says.changePin} back={home}>
        <Notice icon="check">{says.pinChanged}</Notice>
      </Screen>
    );
  }
  return (
    <Screen title={says.changePin} back={home}>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          change().catch(reportError);
        }}
      >
        <Field
          label={pay.pin}
          value={current}
          onInput={setCurrent}
          problem={problem ?? undefined}
          secret
          digits
          autoComplete="current-password"
          maxLength={32}
        />
        <Field
          label={says.newPin}
          value={next}
          onInput={setNext}
          hint={welcome.pinHint}
          problem={isChecked ? nextProblem : undefined}
          secret
          digits
          autoComplete="new-password"
          maxLength={32}
        />
        <Field
          label={welcome.pinAgain}
          value={again}
          onInput={setAgain}
          problem={isChecked ? againProblem : undefined}
          secret
          digits
          autoComplete="new-password"
          maxLength={32}
        />
        <Button kind="main" submits>
          {says.changePin}
        </Button>
      </form>
    </Screen>
  );
}
