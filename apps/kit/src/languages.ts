import { type ReadonlySignal, signal } from '@preact/signals';

/** Languages that the apps speak; the first is what everybody else gets. */
export const LANGUAGES = [
  { code: 'en', name: 'English', dir: 'ltr' },
  { code: 'ar', name: 'العربية', dir: 'rtl' },
  { code: 'hi', name: 'हिन्दी', dir: 'ltr' },
  { code: 'pt', name: 'Português', dir: 'ltr' },
  { code: 'sv', name: 'Svenska', dir: 'ltr' },
] as const;

export type LanguageCode = (typeof LANGUAGES)[number]['code'];

/** The language that fits what somebody prefers, in order, such as `navigator.languages`. */
export function languageFor(preferred: readonly string[]): LanguageCode {
  for (const each of preferred) {
    const [code] = each.toLowerCase().split('-');
    const found = LANGUAGES.find((language) => language.code === code);
    if (found !== undefined) return found.code;
  }
  return LANGUAGES[0].code;
}

/** What an app says in each language: loaded when it is wanted. */
export type Loaders<Words> = Readonly<
  Record<LanguageCode, () => Promise<{ readonly words: Words }>>
>;

/** An app's words in the language that was chosen. */
export interface Speech<Words> {
  readonly words: ReadonlySignal<Words>;
  readonly language: ReadonlySignal<LanguageCode>;
  /** Changes the language of the whole page. */
  speak(code: LanguageCode): Promise<void>;
}

/**
 * Loads an app's words before anything is drawn, so that nothing is redrawn in another language.
 *
 * @param root the page's root element, whose language and direction follow
 */
export async function startSpeech<Words>(
  loaders: Loaders<Words>,
  code: LanguageCode,
  root: { lang: string; dir: string },
): Promise<Speech<Words>> {
  const load = async (wanted: LanguageCode): Promise<Words> => (await loaders[wanted]()).words;
  const words = signal(await load(code));
  const language = signal(code);
  const mark = (chosen: LanguageCode): void => {
    root.lang = chosen;
    root.dir = LANGUAGES.find((each) => each.code === chosen)?.dir ?? 'ltr';
  };
  mark(code);
  return {
    words,
    language,
    speak: async (wanted) => {
      words.value = await load(wanted);
      language.value = wanted;
      mark(wanted);
    },
  };
}
