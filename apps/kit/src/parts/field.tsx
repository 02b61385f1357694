import type { JSX, TargetedInputEvent } from 'preact';
import { useId } from 'preact/hooks';

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: string;
  /** Why it cannot stay like this. */
  readonly problem?: string | undefined;
  readonly secret?: boolean;
  readonly digits?: boolean;
  readonly autoComplete?: 'off' | 'new-password' | 'current-password';
  readonly maxLength?: number;
}

/** One line to fill in, with its label above and its problem below. */
export function Field(props: FieldProps): JSX.Element {
  const { label, value, onInput, hint, problem, secret = false, digits = false } = props;
  const { autoComplete = 'off', maxLength = 64 } = props;
  const below = useId();
  const says = problem ?? hint;
  const line = {
    inputMode: digits ? ('numeric' as const) : undefined,
    autoComplete,
    maxLength,
    value,
    'aria-invalid': problem === undefined ? undefined : ('true' as const),
    'aria-describedby': says === undefined ? undefined : below,
    onInput: ({ currentTarget }: TargetedInputEvent<HTMLInputElement>) =>
      onInput(currentTarget.value),
  };
  return (
    <label class="field">
      <span>{label}</span>
      {secret ? <input type="password" {...line} /> : <input type="text" {...line} />}
      {says !== undefined && (
        <small id={below} class={problem === undefined ? undefined : 'bad'}>
          {says}
        </small>
      )}
    </label>
  );
}

/** One of a few. */
export function Choice<T extends string>(props: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly {
    readonly value: T;
    readonly label: string;
    readonly lang?: string;
  }[];
  readonly onChange: (value: T) => void;
}): JSX.Element {
  const { label, value, options, onChange } = props;
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value as T)}>
        {options.map((each) => (
          <option key={each.value} value={each.value} lang={each.lang}>
            {each.label}
          </option>
        ))}
      </select>
    </label>
  );
}
