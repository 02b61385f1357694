import { reject } from '@tallystick/protocol';
import { COMMAND, type Command } from './command.ts';
import { adoptPolicy, importDelta, importList, judgeProof, resetTime } from './commands/adopt.ts';
import { lock, setPin, status, unlock } from './commands/holder.ts';
import { pay, retry } from './commands/pay.ts';
import { type Identity, personalise, prepare } from './commands/personalise.ts';
import { receive, voidPayment } from './commands/receive.ts';
import { finishRenewal, startRenewal } from './commands/renew.ts';
import { makeRequest } from './commands/request.ts';
import { restore, settle } from './commands/resolve.ts';
import { importAnswer, state } from './commands/sync.ts';
import type { Steps } from './effects.ts';
import { isPurse, type Purse, type Stored } from './purse.ts';
import type { Reply } from './reply.ts';
import type { Context } from './trust.ts';

/** The steps of one command on the committed state. */
export function* dispatch(
  stored: Stored | null,
  command: Command,
  context: Context,
  identity: Identity,
): Steps<Reply> {
  if (stored !== null && isPurse(stored)) return yield* onPurse(stored, command, context, identity);
  if (command.kind === COMMAND.prepare) return yield* prepare(stored, command, identity);
  if (command.kind === COMMAND.personalise && stored !== null)
    return yield* personalise(stored, command);
  return reject('NOT_PERSONALISED');
}

function* onPurse(
  purse: Purse,
  command: Command,
  context: Context,
  identity: Identity,
): Steps<Reply> {
  switch (command.kind) {
    case COMMAND.status:
      return status(purse);
    case COMMAND.prepare:
    case COMMAND.personalise:
      return reject('ALREADY_PERSONALISED');
    case COMMAND.request:
      return yield* makeRequest(purse, command);
    case COMMAND.pay:
      return yield* pay(purse, command, context);
    case COMMAND.receive:
      return yield* receive(purse, command, context);
    case COMMAND.void:
      return yield* voidPayment(purse, command, context);
    case COMMAND.settle:
      return yield* settle(purse, command, context);
    case COMMAND.restore:
      return yield* restore(purse, command, context);
    case COMMAND.retry:
      return yield* retry(purse, command);
    case COMMAND.state:
      return yield* state(purse);
    case COMMAND.importAnswer:
      return yield* importAnswer(purse, command, context);
    case COMMAND.adoptPolicy:
      return yield* adoptPolicy(purse, command);
    case COMMAND.importList:
      return yield* importList(purse, command, context);
    case COMMAND.importDelta:
      return yield* importDelta(purse, command, context);
    case COMMAND.checkProof:
      return yield* judgeProof(purse, command);
    case COMMAND.resetTime:
      return yield* resetTime(purse, command);
    case COMMAND.startRenewal:
      return yield* startRenewal(purse, command, identity);
    case COMMAND.finishRenewal:
      return yield* finishRenewal(purse, command);
    case COMMAND.setPin:
      return yield* setPin(purse, command);
    case COMMAND.lock:
      return yield* lock(purse);
    case COMMAND.unlock:
      return yield* unlock(purse, command);
  }
}
