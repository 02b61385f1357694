import type { Algorithm } from '@tallystick/protocol';
import type { StretchCost } from '../../surroundings.ts';

/** What an emulated card's process is told; bytes in hex. */
export interface ChipArguments {
  /** Of the virtual reader that it is put into. */
  readonly port: number;
  readonly folder: string;
  readonly publisher: { readonly alg: Algorithm; readonly key: string };
  readonly transport: { readonly enc: string; readonly mac: string };
  readonly stretchCost: StretchCost;
}
