import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Field } from '@tallystick/kit';
import { useWords } from './context.ts';

/** Shortest PIN that is taken (TS-HLD-1). */
const DIGITS_MIN = 4;

export interface NewPinProps {
  readonly label: string;
  /** Whether somebody has tried to go on: before that, nothing is wrong yet. */
  readonly isChecked: boolean;
  /** Told of a PIN that is long enough and was typed twice; null while there is none. */
  readonly onChange: (pin: string | null) => void;
}

/** A PIN to be chosen, typed twice since nobody sees what they type. */
export function NewPin({ label, isChecked, onChange }: NewPinProps): JSX.Element {
  const { welcome: says } = useWords();
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const tell = (first: string, second: string): void =>
    onChange(first.length >= DIGITS_MIN && first === second ? first : null);
  const line = { secret: true, digits: true, autoComplete: 'new-password', maxLength: 32 } as const;
  return (
    <>
      <Field
        {...line}
        label={label}
        value={pin}
        hint={says.pinHint}
        problem={isChecked && pin.length < DIGITS_MIN ? says.pinTooShort : undefined}
        onInput={(typed) => {
          setPin(typed);
          tell(typed, again);
        }}
      />
      <Field
        {...line}
        label={says.pinAgain}
        value={again}
        problem={isChecked && again !== pin ? says.pinDiffers : undefined}
        onInput={(typed) => {
          setAgain(typed);
          tell(pin, typed);
        }}
      />
    </>
  );
}
