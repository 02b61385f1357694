import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { Button, Code, Finder, Notice, Outcome, Screen, to, Waiting } from '@tallystick/kit';
import type { TerminalEvent } from '@tallystick/wallet';
import { Counter } from '../device/counter.ts';
import { displayName } from '../device/settings.ts';
import { useFailure, useFinder, useMoney, useSurroundings, useWords } from '../parts/context.ts';

/** The code that hangs on the counter, and the payments that are made against it. */
export function OnCounter(): JSX.Element {
  const { till, chime } = useSurroundings();
  const { counter: says, back, working } = useWords();
  const explain = useFailure();
  const finder = useFinder();
  const counter = useMemo(() => new Counter(till), [till]);
  useEffect(() => () => void counter.end().catch(reportError), [counter]);
  const event = counter.event.value;
  useEffect(() => {
    if (event?.kind === 'accepted') chime.paid();
    else if (event !== null) chime.failed();
  }, [event]);
  const code = counter.code.value;
  const failure = counter.failure.value;
  return (
    <Screen
      title={says.title}
      back={{ href: to(), label: back }}
      foot={<Button onPress={() => print()}>{says.print}</Button>}
    >
      {failure !== null && (
        <Notice tone="bad" urgent>
          {explain(failure)}
        </Notice>
      )}
      {event !== null && <Event event={event} />}
      {code === null && failure === null && <Waiting>{working}</Waiting>}
      {code !== null && (
        <div class="counter">
          <figure class="poster">
            <p class="poster-name">{displayName(till.settings.value)}</p>
            <Code code={code} label={says.label} />
            <figcaption>{says.poster}</figcaption>
          </figure>
          <section class="not-printed" aria-label={says.scan}>
            <p>{says.text}</p>
            <p role="status">{says.scan}</p>
            <Finder {...finder} onText={(text) => counter.scanned(text)} />
          </section>
        </div>
      )}
    </Screen>
  );
}

function Event({ event }: { readonly event: TerminalEvent }): JSX.Element {
  const { counter: says } = useWords();
  const money = useMoney();
  const explain = useFailure();
  switch (event.kind) {
    case 'accepted':
      return (
        <div class="success not-printed">
          <Outcome icon="check">
            <p class="money display">{says.accepted(money(event.amount))}</p>
          </Outcome>
        </div>
      );
    case 'repeated':
      return (
        <Notice tone="warn" urgent>
          {says.repeated(money(event.amount))}
        </Notice>
      );
    case 'refused':
      return (
        <Notice tone="bad" urgent title={says.refused}>
          {explain(event)}
        </Notice>
      );
  }
}
