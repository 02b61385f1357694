/** Starts the terminal in a page: its words, its till, and the screens. */
import '@tallystick/kit/styles.css';
import './terminal.css';
import { signal } from '@preact/signals';
import {
  keepUpToDate,
  languageFor,
  lazyDecoder,
  nearbyByEmbedder,
  Screen,
  startApp,
  startRoute,
  startSpeech,
  Waiting,
} from '@tallystick/kit';
import { platformTimer } from '@tallystick/wallet';
import { openBrowserStore } from '@tallystick/wallet/browser';
import { render } from 'preact';
import { App } from './app.tsx';
import { Basket } from './device/basket.ts';
import { readSettings } from './device/settings.ts';
import { Till, type TillParts } from './device/till.ts';
import { Chime } from './parts/chime.ts';
import { type Surroundings, SurroundingsContext } from './parts/context.ts';
import type { Words } from './words/en.ts';
import { LOADERS } from './words/loaders.ts';

/** Put in when the app is built. */
declare const TERMINAL: { readonly element: string; readonly embedders: readonly string[] };

const root = document.getElementById('app') ?? document.body;
const online = signal(navigator.onLine);

async function start(): Promise<{ code: string; words?: Words } | null> {
  const kept = await openBrowserStore('terminal');
  if (!kept.ok) return kept.error;
  const keptOfRefunds = await openBrowserStore('refunds');
  if (!keptOfRefunds.ok) return keptOfRefunds.error;
  const store = kept.value;
  const { language } = await readSettings(store);
  const code = languageFor(language === null ? navigator.languages : [language]);
  const speech = await startSpeech(LOADERS, code, document.documentElement);
  const words = speech.words.value;
  render(
    <Screen title={words.app}>
      <Waiting>{words.opening}</Waiting>
    </Screen>,
    root,
  );
  // What is asked to stay is not thrown away when the disk gets full; a browser may ask its owner first.
  navigator.storage.persist().catch(reportError);
  const parts: TillParts = {
    element: TERMINAL.element,
    backend: location.origin,
    store,
    refundStore: keptOfRefunds.value,
    fetch: (url, init) => fetch(url, init),
    timer: platformTimer({
      nowMs: Date.now,
      setTimeout,
      clearTimeout,
    }),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    online,
  };
  const opened = await Till.open(parts);
  if (!opened.ok) return { code: opened.error.code, words };
  const till = opened.value;
  const chime = new Chime();
  for (const gesture of ['click', 'keydown']) addEventListener(gesture, () => chime.prepare());
  const surroundings: Surroundings = {
    till,
    nearby: nearbyByEmbedder(TERMINAL.embedders, {
      onNetwork: keepUpToDate(online, () => till.sync()),
      purse: () => till.takings.reference(),
    }),
    basket: new Basket(),
    chime,
    speech,
    decoder: lazyDecoder(),
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
  return null;
}

startApp({ root, loaders: LOADERS, start });
