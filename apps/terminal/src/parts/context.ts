import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type FinderProps, formatMoney, type Nearby, type Speech } from '@tallystick/kit';
import type { Decoder } from '@tallystick/wallet/browser';
import type { Basket } from '../device/basket.ts';
import type { Till } from '../device/till.ts';
import type { Words } from '../words/en.ts';
import type { Chime } from './chime.ts';

/** What every screen has. */
export interface Surroundings {
  readonly till: Till;
  readonly nearby: Nearby;
  readonly basket: Basket;
  readonly chime: Chime;
  readonly speech: Speech<Words>;
  /** Starts the reader of codes when it is first wanted; it stays for the next time. */
  readonly decoder: () => Promise<Decoder | null>;
  /** Goes to another place in the app. */
  readonly go: (address: string) => void;
}

export const SurroundingsContext = createContext<Surroundings | null>(null);

export function useSurroundings(): Surroundings {
  const found = useContext(SurroundingsContext);
  if (found === null) throw new Error('a screen is drawn outside the app');
  return found;
}

export function useWords(): Words {
  return useSurroundings().speech.words.value;
}

/** What a camera needs. */
export function useFinder(): Pick<FinderProps, 'says' | 'decoder'> {
  const { decoder } = useSurroundings();
  return { says: useWords(), decoder };
}

/** Writes amounts of the till's currency; with a sign where that is the point. */
export function useMoney(signs: 'auto' | 'exceptZero' = 'auto'): (amount: bigint) => string {
  const { till, speech } = useSurroundings();
  const currency = till.takings.balance.value?.currency ?? till.scheme.value?.currency;
  return (amount) =>
    currency === undefined ? '' : formatMoney(amount, currency, speech.language.value, signs);
}

/** What a failure means to a cashier. */
export function useFailure(): (failure: {
  readonly code: string;
  readonly message: string;
}) => string {
  const { failures, failure } = useWords();
  return ({ code, message }) => failures[code] ?? failure(code, message);
}
