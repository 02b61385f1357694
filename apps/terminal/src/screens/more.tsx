import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import {
  Button,
  Field,
  LanguageChoice,
  LinkButton,
  NewPin,
  Notice,
  Screen,
  to,
  useTask,
} from '@tallystick/kit';
import { useFailure, useSurroundings, useWords } from '../parts/context.ts';

/** Everything beside selling. */
export function More(): JSX.Element {
  const { till, speech } = useSurroundings();
  const { more: says, sales, report, takings, back } = useWords();
  return (
    <Screen title={says.title} back={{ href: to(), label: back }}>
      <nav class="places" aria-label={says.title}>
        <LinkButton icon="in" href={to('sales')}>
          {sales.title}
        </LinkButton>
        <LinkButton icon="check" href={to('report')}>
          {report.title}
        </LinkButton>
        <LinkButton icon="bank" href={to('takings')}>
          {takings.title}
        </LinkButton>
        <LinkButton icon="lock" href={to('pin')}>
          {says.changePin}
        </LinkButton>
      </nav>
      <LanguageChoice
        label={says.language}
        value={speech.language.value}
        onChange={(code) => {
          speech.speak(code).catch(reportError);
          till.change({ language: code }).catch(reportError);
        }}
      />
      <p class="quiet">{says.about}</p>
    </Screen>
  );
}

/** Another cashier's PIN, for whoever knows the one before. */
export function ChangePin(): JSX.Element {
  const { till } = useSurroundings();
  const { more: says, newPin, back, working } = useWords();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState<string | null>(null);
  const [isChecked, setChecked] = useState(false);
  const [isDone, setDone] = useState(false);
  const change = useTask(useFailure(), async () => {
    setChecked(true);
    if (next === null) return null;
    const changed = await till.changePin(current, next);
    setDone(changed.ok);
    return changed.ok ? null : changed.error;
  });
  const home = { href: to('more'), label: back };
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
          label={says.currentPin}
          value={current}
          onInput={setCurrent}
          problem={change.problem ?? undefined}
          secret
          digits
          autoComplete="current-password"
          maxLength={32}
        />
        <NewPin label={says.newPin} says={newPin} isChecked={isChecked} onChange={setNext} />
        <Button kind="main" submits disabled={change.isRunning}>
          {change.isRunning ? working : says.changePin}
        </Button>
      </form>
    </Screen>
  );
}
