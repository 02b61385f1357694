import { accept, type Outcome, refuse } from '../outcome.ts';

/** Evidence that does not show what it should; the message says what is not so. */
export class NotSo extends Error {
  override readonly name = 'NotSo';
}

/** What comes of looking at evidence. Errors: ATTESTATION_REFUSED. */
export async function unlessNotSo<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return accept(await work());
  } catch (error) {
    if (error instanceof NotSo) return refuse('ATTESTATION_REFUSED', error.message);
    throw error;
  }
}
