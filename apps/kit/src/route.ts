import { type ReadonlySignal, signal } from '@preact/signals';

/** Where in an app somebody is: `#/history/ab12` is `['history', 'ab12']`; home is empty. */
export type Path = readonly string[];

/** What a page offers to a route. */
export interface Place {
  readonly location: { hash: string };
  readonly addEventListener: (name: 'hashchange', told: () => void) => void;
}

/** The place in the page's address, so that back, reload and links work. */
export function startRoute({ location, addEventListener }: Place): ReadonlySignal<Path> {
  const read = (): Path => pathOf(location.hash);
  const path = signal(read());
  addEventListener('hashchange', () => (path.value = read()));
  return path;
}

/** The address of a place. */
export function to(...path: Path): string {
  return `#/${path.map((part) => encodeURIComponent(part)).join('/')}`;
}

/** An address that nobody wrote with {@link to} is home. */
function pathOf(hash: string): Path {
  const parts = hash.replace(/^#\/?/, '').split('/');
  try {
    return parts.filter((part) => part !== '').map((part) => decodeURIComponent(part));
  } catch {
    return [];
  }
}
