import {
  checkPolicy,
  checkProof,
  checkStatusList,
  checkTimeReset,
  demand,
  equal,
  LIMITS,
  type Seconds,
} from '@tallystick/protocol';
import { nextPlace } from '../append.ts';
import type { CommandOf } from '../command.ts';
import { checked, clock, commit, type Steps } from '../effects.ts';
import type { Purse } from '../purse.ts';
import type { Done, Judged } from '../reply.ts';
import { anchorOf, type Context, operatorKey, trustOf } from '../trust.ts';
import { appendAdoption } from './personalise.ts';

/** Adopts a newer policy, signed by the root (TS-POL-3). The same version again changes nothing. */
export function* adoptPolicy(purse: Purse, command: CommandOf<13>): Steps<Done> {
  const policy = yield* checked(checkPolicy(command.policy, anchorOf(purse)));
  demand(
    policy.version >= purse.policy.version,
    'STALE',
    `policy ${purse.policy.version} is in force`,
  );
  demand(policy.currency === purse.policy.currency, 'WRONG_CURRENCY');
  if (policy.version === purse.policy.version) return { kind: 0 };
  const floor = yield* raisedFloor(purse, policy.issuedAt);
  return yield* commitAdoption({ ...purse, policy, floor });
}

/** Imports a newer status list, from whomever it came (TS-LST-3). */
export function* importList(purse: Purse, command: CommandOf<14>, context: Context): Steps<Done> {
  const operator = yield* operatorKey(purse, context, command.certificate);
  const list = yield* checked(checkStatusList(command.list, operator));
  demand(list.version >= purse.listVersion, 'STALE', `list ${purse.listVersion} is stored`);
  if (list.version === purse.listVersion) return { kind: 0 };
  const floor = yield* raisedFloor(purse, list.issuedAt);
  const listed = new Set(list.revoked);
  const bans = purse.bans.filter(({ statusIndex }) => !listed.has(statusIndex));
  return yield* commitAdoption({
    ...purse,
    listVersion: list.version,
    revoked: list.revoked,
    bans,
    floor,
  });
}

/** Checks a fork proof, and refuses the culprit from now on (TS-FRK-4). */
export function* judgeProof(purse: Purse, command: CommandOf<15>): Steps<Judged> {
  const culprit = yield* checked(checkProof(command.proof, trustOf(purse)));
  const known =
    purse.revoked.includes(culprit.profile.statusIndex) ||
    purse.bans.some(({ ref }) => equal(ref, culprit.ref));
  if (known) return { kind: 5, culprit: culprit.ref, isNew: false };
  demand(purse.bans.length < LIMITS.bans, 'NEEDS_SYNC', 'too many fork proofs');
  const ban = { ref: culprit.ref, statusIndex: culprit.profile.statusIndex };
  yield* commit({ ...purse, bans: [...purse.bans, ban] });
  return { kind: 5, culprit: culprit.ref, isNew: true };
}

/**
 * The root sets the floor back after a wrong beacon (TS-TIM-4). What was promised or forgotten under
 * the wrong time stays closed: `closedBefore` never goes back.
 */
export function* resetTime(purse: Purse, command: CommandOf<16>): Steps<Done> {
  const reset = yield* checked(checkTimeReset(command.reset, anchorOf(purse)));
  demand(
    reset.version > purse.timeResetVersion,
    'STALE',
    `time reset ${purse.timeResetVersion} was applied`,
  );
  return yield* commitAdoption({ ...purse, floor: reset.floor, timeResetVersion: reset.version });
}

function* commitAdoption(purse: Purse): Steps<Done> {
  nextPlace(purse);
  const adopted = appendAdoption(purse);
  yield* commit(adopted.purse, [adopted.entry]);
  return { kind: 0 };
}

/**
 * The floor after an issuer-signed time. A local clock may refuse a time far ahead of it, but never
 * raises the floor itself (TS-TIM-2, TS-TIM-3).
 */
export function* raisedFloor(purse: Purse, signedTime: Seconds): Steps<Seconds> {
  const local = yield* clock();
  if (local !== null) {
    const latest = Math.max(local, purse.floor) + purse.policy.skewSeconds;
    demand(signedTime <= latest, 'TIME_SKEW', `${signedTime} is after ${latest}`);
  }
  return Math.max(purse.floor, signedTime);
}
