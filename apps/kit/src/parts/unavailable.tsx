import type { JSX } from 'preact';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';
import { Screen } from './screen.tsx';

/** What an app says of a purse that does not open. */
export interface UnavailableWords {
  readonly again: string;
  readonly unavailable: {
    readonly title: string;
    /** That nothing is lost, where that is so. */
    readonly text: string;
    readonly reasons: Readonly<Record<string, string>>;
    readonly other: (code: string) => string;
  };
}

/** A purse that does not open: why, and what to do. */
export function Unavailable(props: {
  readonly code: string;
  readonly words: UnavailableWords;
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
