export { refusingHardware } from '../node/hardware.ts';
export { type Emulator, startEmulator } from './emulator.ts';
export { TpmManufacturer } from './manufacturer.ts';
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
export { reachTpm, type TpmAddress, type TpmLine } from './transport.ts';
