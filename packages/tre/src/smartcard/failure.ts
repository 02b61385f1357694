import { HardwareFailure } from '../node/hardware.ts';

/** A card or reader that is not there, does not answer, or answers nonsense. */
export class CardFailure extends HardwareFailure {
  override readonly name = 'CardFailure';
}
