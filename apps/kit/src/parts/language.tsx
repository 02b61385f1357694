import type { JSX } from 'preact';
import { LANGUAGES, type LanguageCode } from '../languages.ts';
import { Choice } from './field.tsx';

/** A language that the app speaks, each called by its own name. */
export function LanguageChoice(props: {
  readonly label: string;
  readonly value: LanguageCode;
  readonly onChange: (code: LanguageCode) => void;
}): JSX.Element {
  return (
    <Choice
      label={props.label}
      value={props.value}
      options={LANGUAGES.map(({ code, name }) => ({ value: code, label: name, lang: code }))}
      onChange={props.onChange}
    />
  );
}
