import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export interface ButtonProps {
  readonly kind?: 'main' | 'plain';
  readonly icon?: IconName;
  readonly label?: string;
  /** It stays where focus is, and does nothing. */
  readonly disabled?: boolean;
  /** Submits the form that it is in. */
  readonly submits?: boolean;
  readonly onPress?: () => void;
  readonly children?: ComponentChildren;
}

/** Something to press. Without words of its own it needs a label. */
export function Button(props: ButtonProps): JSX.Element {
  const { kind, icon, label, disabled = false, submits = false, onPress, children } = props;
  return (
    <button
      type={submits ? 'submit' : 'button'}
      class={kind === undefined ? 'button' : `button ${kind}`}
      aria-label={label}
      aria-disabled={disabled ? 'true' : undefined}
      onClick={(event) => {
        if (disabled) event.preventDefault();
        else onPress?.();
      }}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A way to another screen that looks like a button. */
export function LinkButton(props: {
  readonly href: string;
  readonly kind?: ButtonProps['kind'];
  readonly icon?: IconName;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { href, kind, icon, children } = props;
  return (
    <a class={kind === undefined ? 'button' : `button ${kind}`} href={href}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </a>
  );
}
