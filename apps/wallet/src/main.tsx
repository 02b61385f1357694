/** Starts the wallet in a page: its words, its device, and the screens. */
import '@tallystick/kit/styles.css';
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
import { Device, type DeviceParts } from './device/device.ts';
import { readSettings } from './device/settings.ts';
import { type Surroundings, SurroundingsContext } from './parts/context.ts';
import type { Words } from './words/en.ts';
import { LOADERS } from './words/loaders.ts';

/** Put in when the app is built. */
declare const WALLET: { readonly element: string; readonly embedders: readonly string[] };

const root = document.getElementById('app') ?? document.body;
const online = signal(navigator.onLine);

async function start(): Promise<{ code: string; words?: Words } | null> {
  const kept = await openBrowserStore('wallet');
  if (!kept.ok) return kept.error;
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
  const parts: DeviceParts = {
    element: WALLET.element,
    backend: location.origin,
    store,
    fetch: (url, init) => fetch(url, init),
    timer: platformTimer({
      nowMs: Date.now,
      setTimeout,
      clearTimeout,
    }),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    online,
  };
  const opened = await Device.open(parts);
  if (!opened.ok) return { code: opened.error.code, words };
  const device = opened.value;
  const surroundings: Surroundings = {
    device,
    nearby: nearbyByEmbedder(WALLET.embedders, {
      onNetwork: keepUpToDate(online, () => device.sync()),
      purse: () => device.reference(),
    }),
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
