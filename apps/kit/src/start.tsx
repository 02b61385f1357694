import { render } from 'preact';
import { type Loaders, languageFor, startSpeech } from './languages.ts';
import { Unavailable, type UnavailableWords } from './parts/unavailable.tsx';

/** Why an app cannot start. */
interface NoStart<Words> {
  readonly code: string;
  /** In the language that was chosen, where that is known by then. */
  readonly words?: Words;
}

export interface Starting<Words> {
  /** Where it is drawn. */
  readonly root: Element;
  readonly loaders: Loaders<Words>;
  /** Resolves with null when it has started. */
  readonly start: () => Promise<NoStart<Words> | null>;
}

/** Starts an app, or says why not, with a next step; and has its files kept for when there is no network. */
export function startApp<Words extends UnavailableWords>(app: Starting<Words>): void {
  if ('serviceWorker' in navigator) {
    navigator.serviceWorker.register('/offline.js').catch(reportError);
  }
  startOrSayWhy(app).catch(reportError);
}

async function startOrSayWhy<Words extends UnavailableWords>(app: Starting<Words>): Promise<void> {
  const { root, loaders, start } = app;
  // A browser may break in the middle.
  const failed = await start().catch((error: unknown) => {
    reportError(error);
    return { code: 'STORAGE_FAILED' };
  });
  if (failed === null) return;
  const { code, words = await wordsOf(loaders) }: NoStart<Words> = failed;
  render(<Unavailable code={code} words={words} onAgain={() => location.reload()} />, root);
}

/** In a language that the browser prefers, since what its holder chose is not at hand. */
async function wordsOf<Words>(loaders: Loaders<Words>): Promise<Words> {
  const code = languageFor(navigator.languages);
  return (await startSpeech(loaders, code, document.documentElement)).words.value;
}
