export { openElement } from './element.ts';
export type { Element, Host } from './port.ts';
