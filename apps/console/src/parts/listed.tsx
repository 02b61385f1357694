import { Button, Notice, Waiting } from '@tallystick/kit';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Failed } from '../data/api.ts';
import type { Listed } from '../data/shapes.ts';
import { failureText, useSurroundings, useWords } from './context.ts';

/** Rows of a list so far. */
export interface Rows<T> {
  readonly items: readonly T[];
  readonly isLoading: boolean;
  readonly problem: Failed | null;
  /** Null at the end. */
  readonly more: (() => void) | null;
}

const PAGE = 50;

/** Reads a list of the backend's a page at a time. */
export function useRows<T>(path: string): Rows<T> {
  const { api } = useSurroundings();
  const [items, setItems] = useState<readonly T[]>([]);
  const [cursor, setCursor] = useState<string | null | undefined>(undefined);
  const [wanted, setWanted] = useState<{ readonly cursor: string | null }>({ cursor: null });
  const [problem, setProblem] = useState<Failed | null>(null);
  const [isLoading, setLoading] = useState(true);
  useEffect(() => {
    let isWanted = true;
    const read = async (): Promise<void> => {
      setLoading(true);
      const after = wanted.cursor === null ? '' : `&cursor=${wanted.cursor}`;
      const answer = await api.get<Listed<T>>(`${path}?limit=${PAGE}${after}`);
      if (!isWanted) return;
      setLoading(false);
      setProblem(answer.ok ? null : answer.error);
      if (!answer.ok) return;
      const { items: page, next = null } = answer.value;
      setItems((before) => (wanted.cursor === null ? page : [...before, ...page]));
      setCursor(next);
    };
    read().catch(reportError);
    return () => void (isWanted = false);
  }, [api, path, wanted]);
  return {
    items,
    isLoading,
    problem,
    more: cursor == null ? null : () => setWanted({ cursor }),
  };
}

/** A list, or what to say in its place. */
export function ShownRows<T>(props: {
  readonly rows: Rows<T>;
  readonly empty: string;
  readonly children: (items: readonly T[]) => ComponentChildren;
}): JSX.Element {
  const { rows, empty, children } = props;
  const says = useWords();
  if (rows.problem !== null) {
    return (
      <Notice tone="bad" urgent>
        {failureText(rows.problem)}
      </Notice>
    );
  }
  if (rows.items.length === 0) {
    return rows.isLoading ? <Waiting>{says.loading}</Waiting> : <p class="empty">{empty}</p>;
  }
  return (
    <>
      {children(rows.items)}
      {rows.more !== null && (
        <p>
          <Button onPress={rows.more}>{rows.isLoading ? says.working : says.more}</Button>
        </p>
      )}
    </>
  );
}
