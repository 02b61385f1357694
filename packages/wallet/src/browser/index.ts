export {
  CORRECTION,
  codePicture,
  type CodePicture,
  PICTURES_PER_SECOND,
  QUIET_MODULES,
  textAt,
} from '../optical/picture.ts';
export { type Camera, type CameraOptions, openCamera } from './camera.ts';
export { type Decoder, type DecoderOptions, openDecoder } from './decoder.ts';
export type { OpticalCode, OpticalFailure, OpticalResult } from './failure.ts';
export { portTransport } from './port.ts';
export { openBrowserStore } from './store.ts';
