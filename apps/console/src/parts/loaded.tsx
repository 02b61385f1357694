import { Button, Notice, Waiting } from '@tallystick/kit';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Answered } from '../data/api.ts';
import { failureText, useSurroundings, useWords } from './context.ts';

/** What was asked for: nothing yet, an answer, or why there is none. */
export interface Loaded<T> {
  readonly answer: Answered<T> | null;
  readonly refresh: () => void;
}

/** Reads a path of the backend's, again when it is another one, and with each tick where it is live. */
export function useLoaded<T>(path: string, isLive = false): Loaded<T> {
  const { api, tick } = useSurroundings();
  const [held, setHeld] = useState<{ path: string; answer: Answered<T> } | null>(null);
  const [asked, setAsked] = useState(0);
  const beat = isLive ? tick.value : 0;
  useEffect(() => {
    let isWanted = true;
    const read = async (): Promise<void> => {
      const answer = await api.get<T>(path);
      if (isWanted) setHeld({ path, answer });
    };
    read().catch(reportError);
    return () => void (isWanted = false);
  }, [api, path, asked, beat]);
  return {
    // What another path said is not what this one says.
    answer: held?.path === path ? held.answer : null,
    refresh: () => setAsked((count) => count + 1),
  };
}

/** Waits, says why there is nothing, or shows what was asked for. */
export function Shown<T>(props: {
  readonly loaded: Loaded<T>;
  readonly children: (value: T) => ComponentChildren;
}): JSX.Element {
  const { loaded, children } = props;
  const says = useWords();
  const { answer, refresh } = loaded;
  if (answer === null) return <Waiting>{says.loading}</Waiting>;
  if (answer.ok) return <>{children(answer.value)}</>;
  return (
    <Notice tone="bad" urgent>
      <p>{failureText(answer.error)}</p>
      <Button onPress={refresh}>{says.again}</Button>
    </Notice>
  );
}
