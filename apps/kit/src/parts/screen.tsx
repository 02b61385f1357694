import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';

export interface ScreenProps {
  readonly title: string;
  /** Where back leads, and what it is called; none on a home. */
  readonly back?: { readonly href: string; readonly label: string };
  /** At the end of the head. */
  readonly aside?: ComponentChildren;
  /** What can be done, within reach of a thumb. */
  readonly foot?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** One screen. Its title is where a screen reader begins, whenever the screen is another. */
export function Screen({ title, back, aside, foot, children }: ScreenProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <div class="screen">
      <header>
        {back !== undefined && (
          <a class="button plain" href={back.href} aria-label={back.label}>
            <Icon name="back" />
          </a>
        )}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {aside}
      </header>
      <main>{children}</main>
      {foot !== undefined && <footer>{foot}</footer>}
    </div>
  );
}
