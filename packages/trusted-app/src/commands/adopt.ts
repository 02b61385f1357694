import {
  checkPolicy,
  checkProof,
  checkTimeReset,
  decodePackedStatusList,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  demand,
  extendKnown,
  LIMITS,
  NO_EXTERNAL,
  type Seconds,
  statusDelta,
} from '@tallystick/protocol';
import type { CommandOf } from '../command.ts';
import { checked, clock, commit, type Steps } from '../effects.ts';
import type { Purse } from '../purse.ts';
import type { Done, Judged } from '../reply.ts';
import { beyondList, isBanned, isListed, LIST_FORM } from '../revocation.ts';
import {
  anchorOf,
  authenticate,
  type Context,
  demandStanding,
  operatorsKey,
  trustOf,
} from '../trust.ts';
import { appendAdoption } from './personalise.ts';

/** Adopts a newer policy, signed by the root (TS-POL-3). The same version again changes nothing. */
export function* adoptPolicy(purse: Purse, command: CommandOf<13>): Steps<Done> {
  const policy = yield* checked(checkPolicy(command.policy, anchorOf(purse)));
  demand(policy.currency === purse.policy.currency, 'WRONG_CURRENCY');
  const { version } = purse.policy;
  demand(policy.version >= version, 'STALE', `policy ${version} is in force`);
  if (policy.version === version) return { kind: 0 };
  const floor = yield* raisedFloor(purse, policy.issuedAt);
  return yield* commitAdoption({ ...purse, policy, floor });
}

/**
 * Imports a newer status list, from whomever it came (TS-LST-3). It is unpacked last (TS-LST-2): anybody
 * can make bytes that keep the inflater busy, but only the operator can sign them.
 */
export function* importList(purse: Purse, command: CommandOf<14>, context: Context): Steps<Done> {
  const signed = decodeSigned(command.list, NO_EXTERNAL, LIST_FORM);
  const list = decodePackedStatusList(signed.payload);
  const certificate = decodePurseCertificate(command.certificate);
  const signer = { signed, certificate, role: operatorsKey };
  demandStanding(purse, yield* authenticate(purse, context, signer));
  demand(list.version >= purse.listVersion, 'STALE', `list ${purse.listVersion} is stored`);
  if (list.version === purse.listVersion) return { kind: 0 };
  const floor = yield* raisedFloor(purse, list.issuedAt);
  const late = beyondList(signed.payload, purse.late);
  const listed = { ...purse, listVersion: list.version, list: signed.payload, late, floor };
  return yield* commitAdoption(withoutListed(listed));
}

/**
 * Imports a delta of the status list, from whomever it came (TS-LST-8). What it names is refused from
 * now on; the list's version, by which acceptances are judged, rises only where nothing is missing.
 */
export function* importDelta(purse: Purse, command: CommandOf<22>, context: Context): Steps<Done> {
  const signed = decodeSigned(command.delta);
  const delta = decodePayload(signed.payload, statusDelta, 'delta');
  const certificate = decodePurseCertificate(command.certificate);
  const signer = { signed, certificate, role: operatorsKey };
  demandStanding(purse, yield* authenticate(purse, context, signer));
  demand(delta.version >= purse.listVersion, 'STALE', `list ${purse.listVersion} is stored`);
  const known = extendKnown(
    { version: purse.listVersion, revoked: purse.late },
    { ...delta, revoked: beyondList(purse.list, delta.revoked) },
  );
  const isNews = known.version > purse.listVersion || known.revoked.length > purse.late.length;
  if (!isNews) return { kind: 0 };
  const floor = yield* raisedFloor(purse, delta.issuedAt);
  const hasRoom = known.revoked.length <= LIMITS.deltaEntries;
  demand(hasRoom, 'NEEDS_SYNC', 'too many revocations beyond the list');
  const listed = { ...purse, listVersion: known.version, late: known.revoked, floor };
  return yield* commitAdoption(withoutListed(listed));
}

/** A ban is kept until the status list names its certificate (TS-FRK-4). */
function withoutListed(purse: Purse): Purse {
  const bans = purse.bans.filter(({ statusIndex }) => !isListed(purse, statusIndex));
  return { ...purse, bans };
}

/** Checks a fork proof, and refuses the culprit from now on (TS-FRK-4). */
export function* judgeProof(purse: Purse, command: CommandOf<15>): Steps<Judged> {
  const culprit = yield* checked(checkProof(command.proof, trustOf(purse)));
  const isKnown = isListed(purse, culprit.profile.statusIndex) || isBanned(purse, culprit.ref);
  if (isKnown) return { kind: 5, culprit: culprit.ref, isNew: false };
  demand(purse.bans.length < LIMITS.bans, 'NEEDS_SYNC', 'too many fork proofs');
  const ban = { ref: culprit.ref, statusIndex: culprit.profile.statusIndex };
  yield* commit({ ...purse, bans: [...purse.bans, ban] });
  return { kind: 5, culprit: culprit.ref, isNew: true };
}

/**
 * The root sets the floor back after a wrong beacon (TS-TIM-4). What was promised or forgotten under
 * the wrong time stays closed: `closedBefore` never goes back. A sync under the wrong time gives no
 * longer leave to pay offline than one at the time that was set.
 */
export function* resetTime(purse: Purse, command: CommandOf<16>): Steps<Done> {
  const reset = yield* checked(checkTimeReset(command.reset, anchorOf(purse)));
  demand(
    reset.version > purse.timeResetVersion,
    'STALE',
    `time reset ${purse.timeResetVersion} was applied`,
  );
  // A purse that never saw the wrong beacon takes the reset as any signed time.
  const floor = reset.floor < purse.floor ? reset.floor : yield* raisedFloor(purse, reset.floor);
  const syncedAt = Math.min(purse.syncedAt, floor);
  return yield* commitAdoption({ ...purse, floor, syncedAt, timeResetVersion: reset.version });
}

function* commitAdoption(purse: Purse): Steps<Done> {
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
    // GUARD skew-cap (rule 11): one bad beacon does not carry the floor away.
    demand(signedTime <= latest, 'TIME_SKEW', `${signedTime} is after ${latest}`);
  }
  // GUARD issuer-time-only (rule 11): a local clock never raises the floor.
  return Math.max(purse.floor, signedTime);
}
