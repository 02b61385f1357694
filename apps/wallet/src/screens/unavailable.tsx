import type { JSX } from 'preact';
import { Button, Notice, Screen } from '@tallystick/kit';
import type { Words } from '../words/en.ts';

/** A purse that does not open: why, and what to do. */
export function Unavailable(props: {
  readonly code: string;
  readonly words: Words;
  readonly onAgain: () => void;
}): JSX.Element {
  const { code } = props;
  const { unavailable: says, again } = props.words;
  const reason = says.reasons[code];
  // Of one that was changed, or that is not known, nobody can promise it.
  const isWhole = reason !== undefined && code !== 'TAMPERED';
  return (
    <Screen
      title={says.title}
      foot={
        <Button kind="main" onPress={props.onAgain}>
          {again}
        </Button>
      }
    >
      <Notice tone="bad" icon="lock" urgent {...(isWhole ? { title: says.text } : {})}>
        {reason ?? says.other(code)}
      </Notice>
    </Screen>
  );
}
