import { Button, to } from '@tallystick/kit';
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useSurroundings, useWords } from './context.ts';

/** Rooms in the order of how often they are wanted. */
const ROOMS = [
  ['', 'overview'],
  ['payments', 'payments'],
  ['forks', 'forks'],
  ['purses', 'purses'],
  ['policy', 'policy'],
  ['participants', 'participants'],
  ['lost', 'lost'],
  ['images', 'images'],
  ['staff', 'staff'],
] as const;

/** What is around every room: ways to the others, search, and who is signed in. */
export function Shell(props: {
  /** First part of the address. */
  readonly place: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { place, children } = props;
  const says = useWords();
  return (
    <div class="shell">
      <a
        class="skip"
        href="#content"
        onClick={(event) => {
          // The address is the place in the console, and stays.
          event.preventDefault();
          document.getElementById('content')?.focus();
        }}
      >
        {says.skip}
      </a>
      <header class="top">
        <a class="brand" href={to()}>
          {says.app}
        </a>
        <Search />
        <Member />
      </header>
      <nav aria-label={says.rooms}>
        <ul>
          {ROOMS.map(([name, key]) => (
            <li key={name}>
              <a
                href={name === '' ? to() : to(name)}
                aria-current={name === place ? 'page' : undefined}
              >
                {says[key].title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Search(): JSX.Element {
  const { go } = useSurroundings();
  const { search: says } = useWords();
  const [wanted, setWanted] = useState('');
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted.trim() !== '') go(to('search', wanted.trim()));
      }}
    >
      <input
        type="search"
        aria-label={says.title}
        placeholder={says.hint}
        value={wanted}
        maxLength={64}
        autoComplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => setWanted(currentTarget.value)}
      />
      <Button submits>{says.button}</Button>
    </form>
  );
}

function Member(): JSX.Element {
  const { api, session, refreshSession } = useSurroundings();
  const says = useWords();
  const name = session.value?.member?.name ?? '';
  const leave = async (): Promise<void> => {
    await api.delete('/v1/session');
    await refreshSession();
  };
  return (
    <div class="member">
      <span>
        <span class="unseen">{says.signedInAs('')}</span>
        {name}
      </span>
      <Button onPress={() => void leave().catch(reportError)}>{says.signOut}</Button>
    </div>
  );
}
