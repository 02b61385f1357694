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
  startRoute,
  startSpeech,
  Unavailable,
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

async function start(): Promise<void> {
  const [kept, keptOfRefunds] = [
    await openBrowserStore('terminal'),
    await openBrowserStore('refunds'),
  ];
  if (!kept.ok || !keptOfRefunds.ok) {
    await sayWhy(kept.ok ? 'STORAGE_FAILED' : kept.error.code);
    return;
  }
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
      setTimeout: (ring, ms) => setTimeout(ring, ms),
      clearTimeout: (handle) => clearTimeout(handle),
    }),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    online,
  };
  const opened = await Till.open(parts);
  if (!opened.ok) {
    showUnavailable(opened.error.code, words);
    return;
  }
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
}

function showUnavailable(code: string, words: Words): void {
  render(<Unavailable code={code} words={words} onAgain={() => location.reload()} />, root);
}

/** In a language that the browser prefers, since what its holder chose is not at hand. */
async function sayWhy(code: string): Promise<void> {
  const language = languageFor(navigator.languages);
  const { words } = await startSpeech(LOADERS, language, document.documentElement);
  showUnavailable(code, words.value);
}

/** A browser that broke in the middle: there is a next step all the same. */
async function startOrSayWhy(): Promise<void> {
  try {
    await start();
  } catch (error) {
    reportError(error);
    await sayWhy('STORAGE_FAILED');
  }
}

if ('serviceWorker' in navigator)
  navigator.serviceWorker.register('/offline.js').catch(reportError);
startOrSayWhy().catch(reportError);
