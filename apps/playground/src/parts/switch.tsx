import type { JSX } from 'preact';

/** Something that is on or off; it says which. */
export function Switch(props: {
  readonly label: string;
  readonly isOn: boolean;
  readonly says: string;
  readonly onPress: () => void;
}): JSX.Element {
  const { label, isOn, says, onPress } = props;
  return (
    <button type="button" role="switch" class="switch" aria-checked={isOn} onClick={onPress}>
      <span>{label}</span>
      <i aria-hidden="true" />
      <span aria-hidden="true">{says}</span>
    </button>
  );
}
