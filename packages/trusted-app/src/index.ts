export { COMMAND, type Command, type CommandOf, decodeCommand, encodeCommand } from './command.ts';
export type { Identity } from './commands/personalise.ts';
export type { Effect, EffectAnswer } from './effects.ts';
export {
  balanceOf,
  HOLDER_LOCK,
  isPurse,
  type Purse,
  type Stored,
  TAMPER_LOCK,
} from './purse.ts';
export {
  type Answer,
  type Enrol,
  type Failed,
  type Message,
  type OpenStatus,
  readReply,
  type Reply,
  type StatementReply,
  type Status,
} from './reply.ts';
export { decodeStored, encodeStored } from './stored.ts';
export { boot, endOf, type Event, type State, type Step, step } from './step.ts';
