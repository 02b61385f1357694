import type { JSX } from 'preact';
import { Icon, to } from '@tallystick/kit';
import { toHex } from '@tallystick/protocol';
import { changeOf, type Entry, KIND, STATE, WAY } from '../device/entry.ts';
import { useMoney, useSurroundings, useWords } from './context.ts';

/** Sales and refunds, newest first, each a way to its own screen. */
export function Entries({ entries }: { readonly entries: readonly Entry[] }): JSX.Element {
  const money = useMoney('exceptZero');
  const { speech } = useSurroundings();
  const name = useName();
  const states = useStates();
  const date = new Intl.DateTimeFormat(speech.language.value, {
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return (
    <ul class="list">
      {entries.map((entry) => (
        <li key={toHex(entry.id)}>
          <a class="row" href={to('sales', toHex(entry.id))}>
            <Icon name={entry.kind === KIND.sale ? 'in' : 'out'} />
            <span>
              {name(entry)}
              <br />
              <small class="quiet">
                {date.format(entry.at * 1_000)} · {states(entry)}
              </small>
            </span>
            <span class="money">{money(changeOf(entry))}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

export function useName(): (entry: Entry) => string {
  const { sales: says } = useWords();
  return ({ kind, way }) => {
    if (kind === KIND.refund) return says.refund;
    return way === WAY.counter ? says.atCounter : says.sale;
  };
}

export function useStates(): (entry: Entry) => string {
  const { states } = useWords().sales;
  return ({ state }) => {
    switch (state) {
      case STATE.taken:
        return states.taken;
      case STATE.settled:
        return states.settled;
      case STATE.inDoubt:
        return states.inDoubt;
      case STATE.cameBack:
        return states.cameBack;
    }
  };
}
