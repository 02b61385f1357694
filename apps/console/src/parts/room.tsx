import { Icon } from '@tallystick/kit';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useWords } from './context.ts';

/** One room. Its title is where a screen reader begins, whenever the room is another. */
export function Room(props: {
  readonly title: string;
  readonly lead?: string;
  /** Where it was come from. */
  readonly back?: { readonly href: string; readonly label: string };
  readonly children: ComponentChildren;
}): JSX.Element {
  const { title, lead, back, children } = props;
  const { app } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – ${app}`;
    heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [title, app]);
  return (
    <>
      {back !== undefined && (
        <a class="way-back" href={back.href}>
          <Icon name="back" size={18} />
          {back.label}
        </a>
      )}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead !== undefined && <p class="lead">{lead}</p>}
      {children}
    </>
  );
}
