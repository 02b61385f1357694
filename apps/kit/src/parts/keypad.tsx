import type { JSX } from 'preact';
import { typed } from '../typed.ts';
import { Button } from './button.tsx';

export interface KeypadProps {
  /** Minor units so far. */
  readonly amount: bigint;
  readonly onChange: (amount: bigint) => void;
  readonly most: bigint;
  readonly eraseLabel: string;
}

/** Keys for an amount of money; a keyboard's digits do the same. */
export function Keypad({ amount, onChange, most, eraseLabel }: KeypadProps): JSX.Element {
  const type = (digits: string): void => onChange(typed(amount, digits, most));
  const erase = (): void => onChange(amount / 10n);
  return (
    <div
      class="keypad"
      onKeyDown={({ key }) => {
        if (/^\d$/.test(key)) type(key);
        else if (key === 'Backspace') erase();
      }}
    >
      {['1', '2', '3', '4', '5', '6', '7', '8', '9', '00', '0'].map((digits) => (
        <Button key={digits} onPress={() => type(digits)}>
          {digits}
        </Button>
      ))}
      <Button icon="erase" label={eraseLabel} onPress={erase} />
    </div>
  );
}
