import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field, NewPin, Notice, pinBytes, Screen, to, useTask } from '@tallystick/kit';
import { useFailure, useSurroundings, useWords } from '../parts/context.ts';

/** Another PIN, for whoever knows the one before. */
export function ChangePin(): JSX.Element {
  const { device } = useSurroundings();
  const { settings: says, newPin, pay, back } = useWords();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState<string | null>(null);
  const [isChecked, setChecked] = useState(false);
  const [isDone, setDone] = useState(false);
  const change = useTask(useFailure(), async () => {
    setChecked(true);
    if (next === null) return null;
    const changed = await device.wallet.purse.setPin(pinBytes(current), pinBytes(next));
    await device.refresh();
    setDone(changed.ok);
    return changed.ok ? null : changed.error;
  });

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
          change.start();
        }}
      >
        <Field
          label={pay.pin}
          value={current}
          onInput={setCurrent}
          problem={change.problem ?? undefined}
          secret
          digits
          autoComplete="current-password"
          maxLength={32}
        />
        <NewPin label={says.newPin} says={newPin} isChecked={isChecked} onChange={setNext} />
        <Button kind="main" submits>
          {says.changePin}
        </Button>
      </form>
    </Screen>
  );
}
