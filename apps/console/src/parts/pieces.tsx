import { Icon, type IconName, to } from '@tallystick/kit';
import type { ComponentChildren, JSX } from 'preact';
import type { Money, PurseRow } from '../data/shapes.ts';
import { moneyText, timeText, useWords } from './context.ts';

/** What a state means, told by a sign and a word, and by colour last. */
export type Tone = 'good' | 'warn' | 'bad' | 'plain';

const SIGNS: Readonly<Record<Tone, IconName | null>> = {
  good: 'check',
  warn: 'warn',
  bad: 'cross',
  plain: null,
};

/** A state in a word. */
export function Chip(props: {
  readonly tone?: Tone;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { tone = 'plain', children } = props;
  const sign = SIGNS[tone];
  return (
    <span class={`chip ${tone}`}>
      {sign !== null && <Icon name={sign} size={14} />}
      {children}
    </span>
  );
}

/** How much of a name is shown where there is little room: enough to tell two apart. */
const SHORT = 16;

/** A name of bytes. It is selected as a whole; the short one says all of itself when it is pointed at. */
export function Id({ of, short = false }: { of: string; short?: boolean }): JSX.Element {
  return short && of.length > SHORT ? (
    <code title={of}>{of.slice(0, SHORT)}…</code>
  ) : (
    <code class="whole">{of}</code>
  );
}

export function PurseLink({ of }: { readonly of: string }): JSX.Element {
  return (
    <a href={to('purses', of)}>
      <Id of={of} />
    </a>
  );
}

export function Amount({ of }: { readonly of: Money }): JSX.Element {
  return <span class="money">{moneyText(of)}</span>;
}

export function Time({ of }: { readonly of: string | null }): JSX.Element {
  const { never } = useWords();
  return of === null ? <>{never}</> : <time dateTime={of}>{timeText(of)}</time>;
}

/** A part of a room. */
export function Card(props: {
  readonly title: string;
  readonly lead?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { title, lead, children } = props;
  return (
    <section class="card">
      <h2>{title}</h2>
      {lead !== undefined && <p class="quiet">{lead}</p>}
      {children}
    </section>
  );
}

/** Names and values. */
export function Facts(props: {
  readonly of: readonly (readonly [name: string, value: ComponentChildren])[];
}): JSX.Element {
  return (
    <dl class="values">
      {props.of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** All that is known against a purse, or that there is nothing. */
export function Standing({ of }: { readonly of: PurseRow }): JSX.Element {
  const { standings: says } = useWords();
  const { standing, revokedAt, horizon, rolledBack } = of;
  const isPlain = revokedAt === null && horizon === null && !rolledBack;
  return (
    <span class="chips">
      {standing === 'culprit' && <Chip tone="bad">{says.culprit}</Chip>}
      {standing === 'suspect' && <Chip tone="warn">{says.suspect}</Chip>}
      {standing === 'sound' && isPlain && <Chip tone="good">{says.sound}</Chip>}
      {revokedAt !== null && <Chip tone="bad">{says.revoked(revokedAt)}</Chip>}
      {horizon !== null && <Chip tone="warn">{says.lost}</Chip>}
      {rolledBack && <Chip tone="warn">{says.rolledBack}</Chip>}
    </span>
  );
}
