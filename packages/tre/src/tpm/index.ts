export { type Emulator, startEmulator } from './emulator.ts';
export {
  defineIndex,
  incrementCounter,
  NV_CHAIN,
  NV_COUNTER,
  type NvKind,
  readIndex,
  undefineIndex,
} from './nv.ts';
export { type OpenTpm, openTpm } from './open.ts';
export { TpmFailure } from './structures.ts';
export { reachTpm, type TpmAddress, type TpmLine } from './transport.ts';
