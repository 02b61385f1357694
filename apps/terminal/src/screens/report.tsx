import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Choice, Screen, to } from '@tallystick/kit';
import { csvOf } from '../device/csv.ts';
import type { Entry } from '../device/entry.ts';
import { dayOf, daysOf, entriesOf, reportOf, type Sum } from '../device/report.ts';
import { displayName } from '../device/settings.ts';
import { useMoney, useSurroundings, useWords } from '../parts/context.ts';
import { Entries } from '../parts/entries.tsx';
import { Gate } from '../parts/gate.tsx';

/** What this lane did in a day, for whoever has the PIN. */
export function EndOfDay(): JSX.Element {
  const { report: says, back } = useWords();
  return (
    <Gate title={says.title} back={{ href: to('more'), label: back }}>
      {() => <Day />}
    </Gate>
  );
}

function Day(): JSX.Element {
  const { till, speech } = useSurroundings();
  const { report: says, back } = useWords();
  const all = till.journal.entries.value;
  const today = dayOf(till.now());
  const [day, setDay] = useState(today);
  const entries = entriesOf(all, day);
  const date = new Intl.DateTimeFormat(speech.language.value, { dateStyle: 'full' });
  const options = daysOf(all, today).map((value) => ({
    value,
    label: date.format(new Date(`${value}T12:00`)),
  }));
  return (
    <Screen
      title={says.title}
      back={{ href: to('more'), label: back }}
      foot={
        <div class="pair">
          <Button onPress={() => print()}>{says.print}</Button>
          <SaveAs entries={entries} day={day} />
        </div>
      }
    >
      <Choice label={says.day} value={day} options={options} onChange={setDay} />
      <Figures day={options.find(({ value }) => value === day)?.label ?? day} entries={entries} />
      {entries.length === 0 ? <p class="quiet">{says.empty}</p> : <Entries entries={entries} />}
      <p class="quiet not-printed">{says.kept}</p>
    </Screen>
  );
}

/** The figures, with what they are of, since a sheet of paper has no other place for it. */
function Figures(props: { readonly day: string; readonly entries: readonly Entry[] }): JSX.Element {
  const { till } = useSurroundings();
  const { report: says } = useWords();
  const report = reportOf(props.entries);
  return (
    <section class="card" aria-label={says.title}>
      <dl class="facts">
        <dt>{says.lane}</dt>
        <dd>
          <strong>{displayName(till.settings.value)}</strong>
        </dd>
        <dt>{says.day}</dt>
        <dd>{props.day}</dd>
      </dl>
      <table class="figures">
        <thead>
          <tr>
            <td />
            <th scope="col">{says.count}</th>
            <th scope="col">{says.amount}</th>
          </tr>
        </thead>
        <tbody>
          <Row name={says.sales} sum={report.sales} />
          <Row name={says.refunds} sum={report.refunds} isTaken />
          <Row
            name={says.net}
            sum={{ count: report.sales.count + report.refunds.count, amount: report.net }}
            isTotal
          />
          <Row name={says.settled} sum={report.settled} />
          <Row name={says.outstanding} sum={report.outstanding} />
        </tbody>
      </table>
    </section>
  );
}

function Row(props: {
  readonly name: string;
  readonly sum: Sum;
  readonly isTaken?: boolean;
  readonly isTotal?: boolean;
}): JSX.Element {
  const { name, sum, isTaken = false, isTotal = false } = props;
  const money = useMoney();
  return (
    <tr class={isTotal ? 'total' : undefined}>
      <th scope="row">{name}</th>
      <td>{sum.count}</td>
      <td class="money">{money(isTaken ? -sum.amount : sum.amount)}</td>
    </tr>
  );
}

function SaveAs({ entries, day }: { entries: readonly Entry[]; day: string }): JSX.Element {
  const { till } = useSurroundings();
  const { report: says } = useWords();
  const { shop, lane } = till.settings.value;
  const currency = till.takings.balance.value?.currency;
  const text =
    currency === undefined ? '' : csvOf(entries, { shop: shop ?? '', lane: lane ?? '', currency });
  return (
    <a
      class="button"
      href={`data:text/csv;charset=utf-8,${encodeURIComponent(text)}`}
      download={`${day}.csv`}
    >
      {says.save}
    </a>
  );
}
