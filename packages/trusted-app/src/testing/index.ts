export { personalised, TestDevice } from './device.ts';
export {
  DAY,
  type Signer,
  START,
  TEST_MEASUREMENT,
  TEST_POLICY,
  type TestParticipant,
  type TestScheme,
  testScheme,
} from './scheme.ts';
