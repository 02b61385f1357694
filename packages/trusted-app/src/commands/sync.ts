import {
  type Answer,
  answer as answerCodec,
  CONDITION,
  type Condition,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  demand,
  equal,
  LIMITS,
  type LogRecord,
  statement as statementCodec,
  toHex,
} from '@tallystick/protocol';
import { append, hasStatementPlace, statementPlace } from '../append.ts';
import type { CommandOf } from '../command.ts';
import { commit, type Steps } from '../effects.ts';
import { PIN_TRIES } from '../holder.ts';
import {
  amountOf,
  balanceOf,
  HOLDER_LOCK,
  IN_DOUBT,
  isTampered,
  type MadeStatement,
  type Pin,
  type Purse,
  SETTLED,
  TAMPER_LOCK,
} from '../purse.ts';
import type { Done, StatementReply } from '../reply.ts';
import { readBack, signRecord } from '../signing.ts';
import { authenticate, type Context, demandStanding, ownIssuer } from '../trust.ts';
import { raisedFloor } from './adopt.ts';
import { appendAdoption } from './personalise.ts';

/** States the complete log to the backend (TS-SYN-1). Asked twice with nothing between, it says the same. */
export function* state(purse: Purse): Steps<StatementReply> {
  return (yield* sameStatement(purse)) ?? (yield* newStatement(purse));
}

/** The last statement again, where nothing is new since; null where there has to be a new one. */
function* sameStatement(purse: Purse): Steps<StatementReply | null> {
  const made = purse.statement;
  if (made === null || made.seq !== purse.seq) return null;
  // A lock takes no position; the backend hears of it all the same, unless the log is full to the brim.
  if (made.condition !== conditionOf(purse) && hasStatementPlace(purse)) return null;
  const expected = (_: LogRecord, id: Uint8Array): boolean => equal(id, made.id);
  const record = yield* readBack(purse, made.seq, expected);
  if (record === null) return null;
  const statement = yield* signRecord(purse, record);
  return { kind: 4, statement, id: made.id, from: purse.ackedTo + 1, to: purse.seq };
}

function* newStatement(purse: Purse): Steps<StatementReply> {
  const condition = conditionOf(purse);
  const content = {
    ...statementPlace(purse),
    floor: purse.floor,
    balance: balanceOf(purse),
    policyVersion: purse.policy.version,
    listVersion: purse.listVersion,
    epoch: purse.epoch,
    condition,
  };
  const added = append(purse, statementCodec.encode(content));
  const stated: Purse = {
    ...added.purse,
    statement: { seq: content.seq, id: added.id, condition },
    // The backend may close, on this statement's word, whatever had to be accepted before its floor.
    // GUARD stated-floor (rule 2): what a statement let the backend close stays closed here.
    closedBefore: Math.max(purse.closedBefore, purse.floor),
  };
  yield* commit(stated, [added.entry]);
  const statement = yield* signRecord(stated, added.record);
  return { kind: 4, statement, id: added.id, from: purse.ackedTo + 1, to: content.seq };
}

function conditionOf(purse: Purse): Condition {
  if (isTampered(purse)) return CONDITION.tampered;
  if (purse.pin?.triesLeft === 0) return CONDITION.pinBlocked;
  return (purse.lock & HOLDER_LOCK) === 0 ? CONDITION.sound : CONDITION.holderLocked;
}

/**
 * Imports the issuer's answer: acknowledged entries go, the offline window starts anew (TS-SYN-4).
 * The same answer again changes nothing.
 */
export function* importAnswer(purse: Purse, command: CommandOf<12>, context: Context): Steps<Done> {
  const signed = decodeSigned(command.answer);
  const answer = decodePayload(signed.payload, answerCodec, 'answer');
  const certificate = decodePurseCertificate(command.certificate);
  const signer = { signed, certificate, role: ownIssuer(purse) };
  demandStanding(purse, yield* authenticate(purse, context, signer));
  const made = purse.statement;
  const isAboutIt = made !== null && equal(made.id, answer.statementId);
  if (isAboutIt && answer.epoch === purse.epoch) return { kind: 0 };
  demand(answer.epoch > purse.epoch, 'STALE', `epoch ${purse.epoch} was imported`);
  const floor = yield* raisedFloor(purse, answer.time);
  demand(isAboutIt && answer.ackedTo <= made.seq, 'WRONG_STATEMENT');
  const adopted = appendAdoption(unlocked(afterAnswer({ ...purse, floor }, answer), made));
  yield* commit(forget(adopted.purse), [adopted.entry]);
  return { kind: 0 };
}

function afterAnswer(purse: Purse, answer: Answer): Purse {
  const settled = new Set(answer.settled.map(toHex));
  const open = purse.open.map((each) =>
    settled.has(toHex(each.id)) ? { ...each, state: SETTLED } : each,
  );
  const isLater = ({ seq }: { readonly seq: number }): boolean => seq > answer.ackedTo;
  const counted = open.filter((each) => each.counts && isLater(each));
  return {
    ...purse,
    ackedTo: Math.max(purse.ackedTo, answer.ackedTo),
    epoch: answer.epoch,
    syncedAt: answer.time,
    spentTotal: counted.reduce((total, each) => total + amountOf(each), 0n),
    spentCount: counted.length,
    // Settled and acknowledged: nothing is left to retry or restore.
    open: open.filter((each) => each.state === IN_DOUBT || isLater(each)),
    taken: [],
  };
}

/** Lifts what the answered statement told the backend of, and no more: whoever only syncs often gets no more tries. */
function unlocked(purse: Purse, { condition }: MadeStatement): Purse {
  if (condition === CONDITION.tampered) return { ...purse, lock: purse.lock & ~TAMPER_LOCK };
  if (condition === CONDITION.pinBlocked) return { ...purse, pin: unblocked(purse.pin) };
  return purse;
}

function unblocked(pin: Pin | null): Pin | null {
  return pin?.triesLeft === 0 ? { ...pin, triesLeft: PIN_TRIES } : pin;
}

/**
 * Drops replay memory that time has closed (TS-VOI-4), and lets the store drop log entries that are
 * acknowledged and not needed to sign again. One payment that stays in doubt must not keep the whole
 * log: past a full log of acknowledged entries it is left to reconciliation.
 */
function forget(purse: Purse): Purse {
  // GUARD forget-closed-only (rule 3): an answer is kept until its payment can never come again.
  const isExpired = ({ acceptBy, seq }: { acceptBy: number; seq: number }): boolean =>
    acceptBy < purse.floor && seq <= purse.ackedTo;
  const answered = purse.answered.filter((each) => !isExpired(each));
  const closedBefore = purse.answered
    .filter(isExpired)
    .reduce((latest, { acceptBy }) => Math.max(latest, acceptBy + 1), purse.closedBefore);
  const needed = [...purse.open, ...answered].map(({ seq }) => seq);
  const wanted = needed.reduce((least, seq) => Math.min(least, seq), purse.ackedTo + 1);
  const keepFrom = Math.max(wanted, purse.keepFrom, purse.ackedTo + 1 - LIMITS.logEntries);
  return { ...purse, answered, closedBefore, keepFrom };
}
