/** Starts the wallet in a page: its words, its device, and the screens. */
import '@tallystick/kit/styles.css';
import { signal } from '@preact/signals';
import {
  heedEmbedder,
  languageFor,
  Screen,
  startRoute,
  startSpeech,
  Waiting,
} from '@tallystick/kit';
import { platformTimer } from '@tallystick/wallet';
import {
  type Decoder,
  openBrowserStore,
  openDecoder,
  portTransport,
} from '@tallystick/wallet/browser';
import { render } from 'preact';
import { App } from './app.tsx';
import { Device, type DeviceParts } from './device/device.ts';
import { Nearby } from './device/nearby.ts';
import { readSettings } from './device/settings.ts';
import { type Surroundings, SurroundingsContext } from './parts/context.ts';
import { Unavailable } from './screens/unavailable.tsx';
import type { Words } from './words/en.ts';
import { LOADERS } from './words/loaders.ts';

/** Put in when the app is built. */
declare const WALLET: { readonly element: string; readonly embedders: readonly string[] };

/** How often a page that is open talks to the bank by itself. */
const SYNC_EVERY_MS = 60_000;

const root = document.getElementById('app') ?? document.body;
const online = signal(navigator.onLine);
/** Whether a page around this one has said that there is no network. */
let isCutOff = false;

async function start(): Promise<void> {
  const kept = await openBrowserStore('wallet');
  if (!kept.ok) {
    await sayWhy(kept.error.code);
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
  const parts: DeviceParts = {
    element: WALLET.element,
    backend: location.origin,
    store,
    fetch: (url, init) => fetch(url, init),
    timer: platformTimer({
      nowMs: Date.now,
      setTimeout: (ring, ms) => setTimeout(ring, ms),
      clearTimeout: (handle) => clearTimeout(handle),
    }),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    online,
  };
  const opened = await Device.open(parts);
  if (!opened.ok) {
    showUnavailable(opened.error.code, words);
    return;
  }
  const device = opened.value;
  const surroundings: Surroundings = {
    device,
    nearby: heedAround(device),
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
  keepUpToDate(device);
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

/** The reader of codes, started when it is first wanted. */
function lazyDecoder(): () => Promise<Decoder | null> {
  let opening: Promise<Decoder | null> | null = null;
  return () => {
    opening ??= openDecoder().then((opened) => {
      if (opened.ok) return opened.value;
      opening = null;
      return null;
    });
    return opening;
  };
}

/** A page around this one, if it is one that may show the wallet, can hold this phone to others. */
function heedAround(device: Device): Nearby {
  const nearby = new Nearby(parent !== window);
  heedEmbedder(WALLET.embedders, {
    onTap: (port) => nearby.offer(portTransport(port)),
    onNetwork: (isThere) => {
      const isNew = isCutOff === isThere;
      isCutOff = !isThere;
      online.value = isThere;
      if (isThere && isNew) device.sync().catch(reportError);
    },
    purse: () => device.reference(),
  });
  return nearby;
}

/** Talks to the bank now, whenever the network comes back, and now and then. */
function keepUpToDate(device: Device): void {
  const sync = (): void => {
    online.value = navigator.onLine && !isCutOff;
    if (online.value && !document.hidden) device.sync().catch(reportError);
  };
  addEventListener('online', sync);
  addEventListener('offline', sync);
  document.addEventListener('visibilitychange', sync);
  setInterval(sync, SYNC_EVERY_MS);
  sync();
}

if ('serviceWorker' in navigator)
  navigator.serviceWorker.register('/offline.js').catch(reportError);
startOrSayWhy().catch(reportError);
