import type { JSX } from 'preact';
import { toHex } from '@tallystick/protocol';
import { Icon, to } from '@tallystick/kit';
import { type Item, KIND, STATE } from '../device/history.ts';
import { useMoney, useSurroundings, useWords } from './context.ts';

/** Payments, newest first, each a way to its own screen. */
export function Items({ items }: { readonly items: readonly Item[] }): JSX.Element {
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
      {items.map((item) => (
        <li key={toHex(item.id)}>
          <a class="row" href={to('history', toHex(item.id))}>
            <Icon name={isIncoming(item) ? 'in' : 'out'} />
            <span>
              {name(item)}
              <br />
              <small class="quiet">
                {date.format(item.at * 1_000)}
                {item.state === STATE.inDoubt && ` · ${states(item)}`}
              </small>
            </span>
            <span class="money">{money(changeOf(item))}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function isIncoming({ kind }: Item): boolean {
  return kind === KIND.received || kind === KIND.loaded;
}

/** What it did to the purse, in minor units: nothing where the money came back. */
export function changeOf(item: Item): bigint {
  if (item.state === STATE.takenBack) return 0n;
  return isIncoming(item) ? item.amount : -item.amount;
}

/** What a payment is called: whom it was with, or what it was. */
export function useName(): (item: Item) => string {
  const { history } = useWords();
  const { kinds } = history;
  return ({ kind, who }) => {
    if (kind === KIND.loaded) return kinds.loaded;
    if (kind === KIND.unloaded) return kinds.unloaded;
    return who ?? history.privately;
  };
}

export function useStates(): (item: Item) => string {
  const { states } = useWords().history;
  return ({ state }) => {
    switch (state) {
      case STATE.inDoubt:
        return states.inDoubt;
      case STATE.done:
        return states.done;
      case STATE.settled:
        return states.settled;
      case STATE.takenBack:
        return states.takenBack;
    }
  };
}
