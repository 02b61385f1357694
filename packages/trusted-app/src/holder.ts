import { type Bytes, demand, equalSecret, reject } from '@tallystick/protocol';
import { assertHolder, commit, random, type Steps, stretch } from './effects.ts';
import type { Pin, Purse } from './purse.ts';

/** Wrong PINs in a row before only a sync helps (TS-HLD-3). */
export const PIN_TRIES = 5;

export function* makePin(pin: Bytes): Steps<Pin> {
  const salt = yield* random(16);
  return { salt, hash: yield* stretch(pin, salt), triesLeft: PIN_TRIES };
}

/**
 * Verifies the holder's PIN. The try is committed before the hash is compared, so that pulling the
 * power does not give it back (TS-HLD-3). Returns the purse with its tries restored, not committed.
 */
export function* verifyPin(purse: Purse, pin: Bytes): Steps<Purse> {
  const known = purse.pin ?? reject('PIN_REQUIRED', 'set a PIN first');
  demand(known.triesLeft > 0, 'PIN_BLOCKED');
  yield* commit({ ...purse, pin: { ...known, triesLeft: known.triesLeft - 1 } });
  const hash = yield* stretch(pin, known.salt);
  demand(equalSecret(hash, known.hash), 'PIN_WRONG', `${known.triesLeft - 1} tries left`);
  return { ...purse, pin: { ...known, triesLeft: PIN_TRIES } };
}

/** Verifies the holder for an amount above the step-up threshold, by PIN or platform (TS-HLD-1). */
export function* verifyHolder(
  purse: Purse,
  amount: bigint,
  stepUpAbove: bigint,
  by: { readonly pin: Bytes | null; readonly assertHolder: boolean; readonly challenge: Bytes },
): Steps<Purse> {
  if (amount <= stepUpAbove) return purse;
  if (by.pin !== null) return yield* verifyPin(purse, by.pin);
  demand(by.assertHolder, purse.pin?.triesLeft === 0 ? 'PIN_BLOCKED' : 'PIN_REQUIRED');
  // GUARD holder-present (rule 18): above the threshold nothing is signed without the holder.
  demand(yield* assertHolder(by.challenge), 'ASSERTION_REFUSED');
  return purse;
}
