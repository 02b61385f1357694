import type { JSX } from 'preact';

/** Strokes in a square of 24. */
const SHAPES = {
  back: 'M15 5l-7 7 7 7',
  check: 'M5 12.5l5 5L19.5 7',
  cross: 'M6 6l12 12M18 6L6 18',
  wait: 'M12 3a9 9 0 1 0 9 9',
  warn: 'M12 4.5v9M12 18.6v.4',
  info: 'M12 10.5v8.5M12 5.5v.4',
  lock: 'M6.5 11h11v9h-11zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  in: 'M12 4v14M6 12l6 6 6-6',
  out: 'M12 20V6M6 12l6-6 6 6',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16',
  code: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2z',
  offline:
    'M3 3l18 18M8.5 12.5a6 6 0 0 1 3-1.4M5 9a11 11 0 0 1 4-2.4M13 6a11 11 0 0 1 6 3M12 18v.3',
  more: 'M4 7h16M4 12h16M4 17h16',
  bank: 'M3 10l9-6 9 6zM5 10v8M10 10v8M14 10v8M19 10v8M3 20h18',
  erase: 'M9 6h11v12H9l-6-6zM12.5 9.5l5 5M17.5 9.5l-5 5',
  share: 'M12 15V4M8 7.5L12 4l4 3.5M6 12v8h12v-8',
} as const;

export type IconName = keyof typeof SHAPES;

/** A picture beside words that say the same; it is not read out. Those with a direction turn with the text. */
export function Icon({ name, size = 24 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg
      class={name === 'back' ? 'directed' : undefined}
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}
