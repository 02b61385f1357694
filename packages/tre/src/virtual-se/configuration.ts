import type { Algorithm } from '@tallystick/protocol';
import type { StretchCost } from '../surroundings.ts';

/** What an element is built with: neither its app nor its own storage can change it. */
export interface ElementConfiguration {
  /** Origins of the apps that it speaks to. */
  readonly apps: readonly string[];
  /** Whose images it runs; the key in hex. */
  readonly publisher: { readonly alg: Algorithm; readonly key: string };
  readonly stretchCost: StretchCost;
}
