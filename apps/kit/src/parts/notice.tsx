import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export interface NoticeProps {
  readonly tone?: 'warn' | 'bad';
  readonly icon?: IconName;
  readonly title?: string;
  /** Said aloud at once, since somebody did something wrong or must act. */
  readonly urgent?: boolean;
  readonly children?: ComponentChildren;
}

/** Something to know now, with what to do about it. */
export function Notice({ tone, icon, title, urgent = false, children }: NoticeProps): JSX.Element {
  return (
    <div
      class={tone === undefined ? 'notice' : `notice ${tone}`}
      role={urgent ? 'alert' : 'status'}
    >
      <Icon name={icon ?? (tone === undefined ? 'info' : 'warn')} />
      <div>
        {title !== undefined && <strong>{title}</strong>}
        {children}
      </div>
    </div>
  );
}

/** While something takes its time. */
export function Waiting({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return (
    <div class="waiting" role="status">
      <Icon name="wait" size={40} />
      <p>{children}</p>
    </div>
  );
}

/** What came of something, large. */
export function Outcome(props: {
  readonly tone?: 'warn' | 'bad';
  readonly icon: IconName;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { tone, icon, children } = props;
  return (
    <div class={tone === undefined ? 'outcome' : `outcome ${tone}`} role="status">
      <Icon name={icon} />
      {children}
    </div>
  );
}
