export { type Account, Bank, type FetchJson, type Scheme } from './device/bank.ts';
export { lazyDecoder } from './device/decoder.ts';
export { forgetImage, imageToInstall, noteImage, UNREACHED } from './device/image.ts';
export { type Nearby, nearbyByEmbedder, useTap } from './device/nearby.ts';
export { keepUpToDate } from './device/rhythm.ts';
export {
  LANGUAGES,
  type LanguageCode,
  languageFor,
  type Loaders,
  type Speech,
  startSpeech,
} from './languages.ts';
export { EmbeddedApp } from './embedding.ts';
export { decimal, formatMoney } from './money.ts';
export { type Path, startRoute, to } from './route.ts';
export { pinBytes } from './pin.ts';
export { type Failed, type Task, useTask } from './task.ts';
export { Button, LinkButton } from './parts/button.tsx';
export { Code } from './parts/code.tsx';
export { Choice, Field } from './parts/field.tsx';
export { Finder, type FinderProps } from './parts/finder.tsx';
export { Icon, type IconName } from './parts/icon.tsx';
export { Keypad } from './parts/keypad.tsx';
export { LanguageChoice } from './parts/language.tsx';
export { NewPin } from './parts/new-pin.tsx';
export { Notice, Outcome, Waiting } from './parts/notice.tsx';
export { Screen } from './parts/screen.tsx';
export { startApp } from './start.tsx';
