/** Starts the console in a page: who is signed in, and the rooms. */
import '@tallystick/kit/styles.css';
import './styles/console.css';
import { signal } from '@preact/signals';
import { startRoute } from '@tallystick/kit';
import { render } from 'preact';
import { App } from './app.tsx';
import { createApi } from './data/api.ts';
import type { SessionState } from './data/shapes.ts';
import { type Surroundings, SurroundingsContext } from './parts/context.ts';

/** How often what is live is read again, while somebody looks. */
const TICK_MS = 5_000;

const NOBODY: SessionState = { member: null, expires: null, isFirst: false };

const root = document.getElementById('app') ?? document.body;
const session = signal<SessionState | null>(null);
const tick = signal(0);

const api = createApi(
  (url, init) => fetch(url, init),
  () => (session.value = session.value === null ? null : { ...session.value, member: null }),
);

async function refreshSession(): Promise<void> {
  const read = await api.get<SessionState>('/v1/session');
  session.value = read.ok ? read.value : NOBODY;
}

const surroundings: Surroundings = {
  api,
  session,
  refreshSession,
  tick,
  go: (address) => (location.hash = address),
};
const path = startRoute({
  location,
  addEventListener: (name, told) => addEventListener(name, told),
});

render(
  <SurroundingsContext.Provider value={surroundings}>
    <App path={path} />
  </SurroundingsContext.Provider>,
  root,
);
refreshSession().catch(reportError);
setInterval(() => {
  if (document.visibilityState === 'visible' && session.value?.member !== null) tick.value += 1;
}, TICK_MS);
