import { Fragment, type JSX } from 'preact';
import { LinkButton, Notice, Screen, to } from '@tallystick/kit';
import { toHex } from '@tallystick/protocol';
import { changeOf, type Entry, KIND } from '../device/entry.ts';
import { useMoney, useSurroundings, useWords } from '../parts/context.ts';
import { Entries, useName, useStates } from '../parts/entries.tsx';

/** Of a long time a till has thousands; the report has them by the day. */
const SHOWN = 200;

/** What was sold and paid back here. */
export function Sales(): JSX.Element {
  const { till } = useSurroundings();
  const { sales: says, back } = useWords();
  const entries = till.journal.entries.value;
  return (
    <Screen title={says.title} back={{ href: to('more'), label: back }}>
      {entries.length === 0 ? (
        <p class="quiet">{says.empty}</p>
      ) : (
        <Entries entries={entries.slice(0, SHOWN)} />
      )}
    </Screen>
  );
}

/** One sale with its refunds, or one refund with its sale. */
export function OneSale({ id }: { readonly id: string }): JSX.Element {
  const { till } = useSurroundings();
  const { sales: says, back } = useWords();
  const entry = till.journal.findHex(id);
  const name = useName();
  const home = { href: to('sales'), label: back };
  if (entry === undefined) {
    return (
      <Screen title={says.title} back={home}>
        <Notice tone="warn">{says.missing}</Notice>
      </Screen>
    );
  }
  const left = entry.kind === KIND.sale ? till.journal.leftOf(entry) : 0n;
  return (
    <Screen
      title={name(entry)}
      back={home}
      foot={
        left > 0n && (
          <LinkButton icon="out" href={to('refund', id)}>
            {says.refundThis}
          </LinkButton>
        )
      }
    >
      <Facts entry={entry} left={left} />
      <Lines lines={entry.lines} />
      <Linked entry={entry} />
    </Screen>
  );
}

function Facts({ entry, left }: { readonly entry: Entry; readonly left: bigint }): JSX.Element {
  const { speech } = useSurroundings();
  const { sales: says } = useWords();
  const money = useMoney('exceptZero');
  const plain = useMoney();
  const states = useStates();
  const date = new Intl.DateTimeFormat(speech.language.value, {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return (
    <>
      <p class="money display">{money(changeOf(entry))}</p>
      <dl class="facts card">
        <dt>{says.when}</dt>
        <dd>{date.format(entry.at * 1_000)}</dd>
        <dt>{says.state}</dt>
        <dd>{states(entry)}</dd>
        {entry.kind === KIND.sale && (
          <>
            <dt>{says.left}</dt>
            <dd class="money">{plain(left)}</dd>
          </>
        )}
        <dt>{says.number}</dt>
        <dd>
          <code>{toHex(entry.id)}</code>
        </dd>
      </dl>
    </>
  );
}

function Lines({ lines }: Pick<Entry, 'lines'>): JSX.Element | null {
  const { sales: says, sell } = useWords();
  const money = useMoney();
  if (lines.length < 2) return null;
  return (
    <section class="card">
      <h2>{says.lines}</h2>
      <dl class="facts">
        {lines.map((line, index) => (
          // Two lines of one amount are told apart by their place alone.
          <Fragment key={`${index} ${line}`}>
            <dt>{sell.line(index + 1)}</dt>
            <dd class="money">{money(line)}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

/** The other half: of a refund its sale, of a sale its refunds. */
function Linked({ entry }: { readonly entry: Entry }): JSX.Element | null {
  const { till } = useSurroundings();
  const { sales: says } = useWords();
  const sale = entry.sale === null ? undefined : till.journal.find(entry.sale);
  const linked = sale === undefined ? till.journal.refundsOf(entry.id) : [sale];
  if (linked.length === 0) return null;
  return (
    <section class="linked">
      <h2>{sale === undefined ? says.refunds : says.refundOf}</h2>
      <Entries entries={linked} />
    </section>
  );
}
