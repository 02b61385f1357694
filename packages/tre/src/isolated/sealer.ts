import type { Bytes, Result } from '@tallystick/protocol';
import type { SealedContent } from './content.ts';

/** How an environment seals what a purse keeps, and which of two seals it lets count. */
export interface Sealer {
  /** Fails with TAMPERED for anything that was not sealed here, or does not count any more. */
  open(sealed: Bytes): Promise<Result<SealedContent>>;
  seal(content: SealedContent): Promise<Bytes>;
  /**
   * Lets what was sealed last count, and where the environment can, nothing that was sealed before. By now
   * storage has it durably, beside the one before.
   */
  confirm(): Promise<void>;
  /**
   * Whether a seal that was stored, and not yet put in the place of the one before, counts already. Fails
   * with BUSY where another process may be about to let it count.
   */
  counts(pending: Bytes): Promise<Result<boolean>>;
}
