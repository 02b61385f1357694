import { demand, reject } from '@tallystick/protocol';
import type { CommandOf } from '../command.ts';
import { commit, type Steps } from '../effects.ts';
import { makePin, verifyPin } from '../holder.ts';
import { ownCertificate } from '../own-keys.ts';
import {
  amountOf,
  balanceOf,
  currentKey,
  HOLDER_LOCK,
  isTampered,
  type Purse,
  SETTLED,
  TAMPER_LOCK,
} from '../purse.ts';
import type { Done, Status } from '../reply.ts';
import { available, demandUnlocked, findTier, offlineUntil } from '../rules.ts';

/** Sets the first PIN, or changes it against the current one (TS-HLD-2). */
export function* setPin(purse: Purse, command: CommandOf<19>): Steps<Done> {
  demandUnlocked(purse);
  let current = purse;
  if (purse.pin !== null)
    current = yield* verifyPin(purse, command.current ?? reject('PIN_REQUIRED'));
  yield* commit({ ...current, pin: yield* makePin(command.next) });
  return { kind: 0 };
}

/** The holder locks the purse: it still syncs, but neither pays nor receives (TS-PUR-6). */
export function* lock(purse: Purse): Steps<Done> {
  demand(purse.pin !== null, 'PIN_REQUIRED', 'set a PIN first, or it could not be unlocked');
  const lock = purse.lock | HOLDER_LOCK;
  if (lock !== purse.lock) yield* commit({ ...purse, lock });
  return { kind: 0 };
}

/** Lifts the holder's lock. One that tampering brought about goes with a sync alone. */
export function* unlock(purse: Purse, command: CommandOf<21>): Steps<Done> {
  demand(!isTampered(purse), 'LOCKED', 'its storage was changed');
  const verified = yield* verifyPin(purse, command.pin);
  yield* commit({ ...verified, lock: purse.lock & ~HOLDER_LOCK });
  return { kind: 0 };
}

/** What the holder's screen shows. */
export function status(purse: Purse): Status {
  return {
    kind: 3,
    certificate: currentKey(purse).certificate,
    balance: balanceOf(purse),
    available: available(purse),
    seq: purse.seq,
    floor: purse.floor,
    syncedAt: purse.syncedAt,
    offlineUntil: offlineUntil(purse, findTier(purse.policy, ownCertificate(purse))),
    policyVersion: purse.policy.version,
    listVersion: purse.listVersion,
    lock: isTampered(purse) ? TAMPER_LOCK : purse.lock,
    pinTriesLeft: purse.pin?.triesLeft ?? null,
    open: purse.open.map((each) => ({
      id: each.id,
      payee: each.payee,
      amount: amountOf(each),
      acceptBy: each.acceptBy,
      accepted: each.state === SETTLED,
    })),
  };
}
