import type { ReadonlySignal, Signal } from '@preact/signals';
import { formatMoney } from '@tallystick/kit';
import { currencyOf } from '@tallystick/protocol';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Api, Failed } from '../data/api.ts';
import type { Money, SessionState } from '../data/shapes.ts';
import { type Words, words } from '../words/en.ts';

/** What every room has. */
export interface Surroundings {
  readonly api: Api;
  /** Null until the backend has said who is signed in. */
  readonly session: Signal<SessionState | null>;
  /** Asks the backend who is signed in now. */
  readonly refreshSession: () => Promise<void>;
  /** Grows every few seconds while the page is looked at: what is live is read again. */
  readonly tick: ReadonlySignal<number>;
  /** Goes to another place in the console. */
  readonly go: (address: string) => void;
}

export const SurroundingsContext = createContext<Surroundings | null>(null);

export function useSurroundings(): Surroundings {
  const found = useContext(SurroundingsContext);
  if (found === null) throw new Error('a room is drawn outside the console');
  return found;
}

/** The language of the words; amounts and times are written as it does. */
export const LANGUAGE = 'en';

export function useWords(): Words {
  return words;
}

/** An amount as it is written; as it came where its currency is none that we know. */
export function moneyText({ amount, currency }: Money): string {
  const numeric = currencyOf(currency);
  return numeric.ok
    ? formatMoney(BigInt(amount), numeric.value, LANGUAGE)
    : `${amount} ${currency}`;
}

const TIME = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'short' });

/** A moment, RFC 3339 or in seconds since 1970, in the time of whoever looks. */
export function timeText(at: string | number): string {
  return TIME.format(typeof at === 'number' ? at * 1_000 : new Date(at));
}

/** What a failure means to staff. */
export function failureText({ code, message }: Failed): string {
  return words.failures[code] ?? words.failure(code, message);
}
