import type { JSX } from 'preact';
import { Button, Icon } from '@tallystick/kit';
import type { Tour } from '../bench/tour.ts';
import { words } from '../words/en.ts';

/** Where somebody is on the tour, and what to do there. */
export function TourCard({ tour }: { readonly tour: Tour }): JSX.Element {
  const { tour: says } = words;
  const at = tour.at.value;
  const step = tour.step;
  if (at === null || step === null) {
    return (
      <section class="card tour" aria-label={says.title}>
        <Button kind="main" onPress={() => tour.go(0)}>
          {says.start}
        </Button>
      </section>
    );
  }
  const [title, text] = says.steps[step];
  const isLast = at === tour.length - 1;
  return (
    <section class="card tour" aria-label={says.title}>
      <div aria-live="polite">
        <p class="quiet">{says.place(at + 1, tour.length)}</p>
        <h2>{title}</h2>
        <p>{text}</p>
        {tour.isDone.value && step !== 'wire' && !isLast && (
          <p class="verdict">
            <Icon name="check" />
            {says.done}
          </p>
        )}
      </div>
      <div class="steps">
        <Button kind="plain" disabled={at === 0} onPress={() => tour.go(at - 1)}>
          {says.back}
        </Button>
        <Button kind="plain" onPress={() => tour.go(null)}>
          {says.end}
        </Button>
        <Button kind="main" onPress={() => tour.go(isLast ? 0 : at + 1)}>
          {isLast ? says.again : says.next}
        </Button>
      </div>
    </section>
  );
}
