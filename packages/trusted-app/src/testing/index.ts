export {
  answerCommand,
  ask,
  askCommand,
  balance,
  load,
  loadCommand,
  payCommand,
  receiveCommand,
  restoreCommand,
  settleCommand,
  type SyncChoices,
  sync,
  type Tap,
  tap,
  transfer,
  voidCommand,
} from './acts.ts';
export { encodeStored } from '../stored.ts';
export { type Backup, type Outcome, TestDevice } from './device.ts';
export {
  enrolledKey,
  personalised,
  personaliseCommand,
  type TestPurse,
} from './personalised.ts';
export {
  DAY,
  policyChange,
  type Signer,
  START,
  TEST_MEASUREMENT,
  TEST_POLICY,
  type TestParticipant,
  type TestScheme,
  testScheme,
} from './scheme.ts';
