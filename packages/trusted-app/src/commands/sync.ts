import {
  type Answer,
  answer as answerCodec,
  type Bytes,
  checkIssuerMessage,
  CONDITION,
  type Condition,
  decodeSigned,
  demand,
  equal,
  statement as statementCodec,
  toHex,
} from '@tallystick/protocol';
import { append, signAgain, signRecord } from '../append.ts';
import type { CommandOf } from '../command.ts';
import { checked, commit, type Steps } from '../effects.ts';
import { PIN_TRIES } from '../holder.ts';
import { balanceOf, HOLDER_LOCK, type Purse, TAMPER_LOCK, UNLOCKED } from '../purse.ts';
import type { Done, StatementReply } from '../reply.ts';
import { type Context, ownIssuer } from '../trust.ts';
import { raisedFloor } from './adopt.ts';
import { appendAdoption } from './personalise.ts';

/** States the complete log to the backend (TS-SYN-1). Asked twice with nothing between, it says the same. */
export function* state(purse: Purse): Steps<StatementReply> {
  const from = purse.ackedTo + 1;
  if (purse.statement !== null && purse.statement.seq === purse.seq) {
    const { message, id } = yield* signAgain(purse, purse.seq);
    return { kind: 4, statement: message, id, from, to: purse.seq };
  }
  const content = {
    ...statementPlace(purse),
    floor: purse.floor,
    balance: balanceOf(purse),
    policyVersion: purse.policy.version,
    listVersion: purse.listVersion,
    epoch: purse.epoch,
    condition: conditionOf(purse),
  };
  const added = append(purse, statementCodec.encode(content));
  const stated: Purse = {
    ...added.purse,
    statement: { seq: content.seq, id: added.id },
    // The backend may close, on this statement's word, whatever had to be accepted before its floor.
    closedBefore: Math.max(purse.closedBefore, purse.floor),
  };
  yield* commit(stated, [added.entry]);
  const statement = yield* signRecord(stated, added.record);
  return { kind: 4, statement, id: added.id, from, to: content.seq };
}

/** A statement is what empties a full log, so it alone may take the last position. */
function statementPlace(purse: Purse): { seq: number; head: Bytes } {
  return { seq: purse.seq + 1, head: purse.head };
}

function conditionOf(purse: Purse): Condition {
  if (purse.lock === TAMPER_LOCK) return CONDITION.tampered;
  if (purse.pin?.triesLeft === 0) return CONDITION.pinBlocked;
  return purse.lock === HOLDER_LOCK ? CONDITION.holderLocked : CONDITION.sound;
}

/** Imports the issuer's answer: acknowledged entries go, the offline window starts anew (TS-SYN-4). */
export function* importAnswer(purse: Purse, command: CommandOf<12>, context: Context): Steps<Done> {
  const issuer = yield* ownIssuer(purse, context, command.certificate);
  const signed = decodeSigned(command.answer);
  demand(equal(signed.kid, issuer.ref), 'UNKNOWN_CERTIFICATE', 'signed under another issuing key');
  const answer = yield* checked(checkIssuerMessage(command.answer, issuer, answerCodec, 'answer'));
  demand(
    purse.statement !== null && equal(purse.statement.id, answer.statementId),
    'WRONG_STATEMENT',
  );
  demand(answer.epoch > purse.epoch, 'STALE', `epoch ${purse.epoch} was imported`);
  demand(answer.ackedTo <= purse.seq, 'BAD_FIELD', 'acknowledges more than there is');
  const floor = yield* raisedFloor(purse, answer.time);
  const adopted = appendAdoption(afterAnswer({ ...purse, floor }, answer));
  yield* commit(forget(adopted.purse), [adopted.entry]);
  return { kind: 0 };
}

function afterAnswer(purse: Purse, answer: Answer): Purse {
  const settled = new Set(answer.settled.map(toHex));
  const open = purse.open.map((each) =>
    settled.has(toHex(each.id)) ? { ...each, state: 1 as const } : each,
  );
  const later = open.filter(({ seq }) => seq > answer.ackedTo);
  return {
    ...purse,
    ackedTo: Math.max(purse.ackedTo, answer.ackedTo),
    epoch: answer.epoch,
    syncedAt: answer.time,
    spentTotal: later.reduce(
      (total, { parts }) => parts.reduce((sum, part) => sum + part.amount, total),
      0n,
    ),
    spentCount: later.length,
    // Accepted and acknowledged: nothing is left to retry or restore.
    open: open.filter(({ state: settledState, seq }) => settledState === 0 || seq > answer.ackedTo),
    taken: [],
    pin: purse.pin === null ? null : { ...purse.pin, triesLeft: PIN_TRIES },
    lock: purse.lock === TAMPER_LOCK ? UNLOCKED : purse.lock,
  };
}

/**
 * Drops replay memory that time has closed (TS-VOI-4), and lets the store drop log entries that are
 * acknowledged and not needed to sign again.
 */
function forget(purse: Purse): Purse {
  const expired = purse.answered.filter(
    ({ acceptBy, seq }) => acceptBy < purse.floor && seq <= purse.ackedTo,
  );
  const answered = purse.answered.filter((each) => !expired.includes(each));
  const closedBefore = expired.reduce(
    (latest, { acceptBy }) => Math.max(latest, acceptBy + 1),
    purse.closedBefore,
  );
  const needed = [...purse.open, ...answered].map(({ seq }) => seq);
  const keepFrom = needed.reduce((least, seq) => Math.min(least, seq), purse.ackedTo + 1);
  return { ...purse, answered, closedBefore, keepFrom: Math.max(keepFrom, purse.keepFrom) };
}
