import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Common } from '../words/en.ts';
import { Field } from './field.tsx';

/** Shortest PIN that is taken (TS-HLD-1). */
const DIGITS_MIN = 4;

export interface NewPinProps {
  readonly label: string;
  readonly says: Common['newPin'];
  /** Whether somebody has tried to go on: before that, nothing is wrong yet. */
  readonly isChecked: boolean;
  /** Told of a PIN that is long enough and was typed twice; null while there is none. */
  readonly onChange: (pin: string | null) => void;
}

/** A PIN to be chosen, typed twice since nobody sees what they type. */
export function NewPin({ label, says, isChecked, onChange }: NewPinProps): JSX.Element {
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
        hint={says.hint}
        problem={isChecked && pin.length < DIGITS_MIN ? says.tooShort : undefined}
        onInput={(typed) => {
          setPin(typed);
          tell(typed, again);
        }}
      />
      <Field
        {...line}
        label={says.again}
        value={again}
        problem={isChecked && again !== pin ? says.differs : undefined}
        onInput={(typed) => {
          setAgain(typed);
          tell(pin, typed);
        }}
      />
    </>
  );
}
