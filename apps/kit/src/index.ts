export {
  LANGUAGES,
  type LanguageCode,
  languageFor,
  type Loaders,
  type Speech,
  startSpeech,
} from './languages.ts';
export { type Embedded, EmbeddedApp, heedEmbedder } from './embedding.ts';
export { decimal, formatMoney } from './money.ts';
export { type Path, startRoute, to } from './route.ts';
export { Button, LinkButton } from './parts/button.tsx';
export { Choice, Field } from './parts/field.tsx';
export { Icon, type IconName } from './parts/icon.tsx';
export { Keypad } from './parts/keypad.tsx';
export { Notice, Outcome, Waiting } from './parts/notice.tsx';
export { Screen } from './parts/screen.tsx';
