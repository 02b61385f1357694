export { openKeysOnlyInBrowser } from '../keys-only/browser/index.ts';
export { type FramedElementOptions, openFramedElement } from '../virtual-se/browser/index.ts';
export type { BrowserOptions } from './open.ts';
