import type { Loaders } from '@tallystick/kit';
import type { Words } from './en.ts';

/** Each language is a part of its own, loaded where it is spoken. */
export const LOADERS: Loaders<Words> = {
  en: () => import('./en.ts'),
  ar: () => import('./ar.ts'),
  hi: () => import('./hi.ts'),
  pt: () => import('./pt.ts'),
  sv: () => import('./sv.ts'),
};
