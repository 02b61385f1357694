import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field, Screen, useTask } from '@tallystick/kit';
import { useFailure, useSurroundings, useWords } from './context.ts';

/** Asks for the cashier's PIN before what is behind it is drawn; whoever leaves has to type it again. */
export function Gate(props: {
  readonly title: string;
  readonly back: { readonly href: string; readonly label: string };
  readonly children: (pin: string) => JSX.Element;
}): JSX.Element {
  const { title, back, children } = props;
  const { till } = useSurroundings();
  const { gate: says, working } = useWords();
  const [pin, setPin] = useState('');
  const [isOpen, setOpen] = useState(false);
  const check = useTask(useFailure(), async () => {
    const checked = await till.checkPin(pin);
    await till.refunds.refresh();
    setOpen(checked.ok);
    if (!checked.ok) setPin('');
    return checked.ok ? null : checked.error;
  });
  if (isOpen) return children(pin);
  return (
    <Screen title={title} back={back}>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          check.start();
        }}
      >
        <Field
          label={says.pin}
          value={pin}
          onInput={setPin}
          hint={says.why}
          problem={check.problem ?? undefined}
          secret
          digits
          autoComplete="current-password"
          maxLength={32}
        />
        <Button kind="main" submits disabled={check.isRunning}>
          {check.isRunning ? working : says.open}
        </Button>
      </form>
    </Screen>
  );
}
