/** What can go wrong with a camera, with what a holder can do about it. */
const TABLE = {
  CAMERA_REFUSED: 'the camera was refused to this page; allow it in the settings of the browser',
  CAMERA_MISSING: 'this device has no camera',
  CAMERA_BUSY: 'the camera does not start; close whatever else may be using it',
  CAMERA_UNSUPPORTED: 'this browser gives no camera to this page; open it by https, elsewhere',
  CAMERA_LOST: 'the camera has stopped; connect it again',
  DECODER_FAILED: 'the reader of codes does not answer; try again',
} as const;

export type OpticalCode = keyof typeof TABLE;

export interface OpticalFailure {
  readonly code: OpticalCode;
  readonly message: string;
}

export type OpticalResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: OpticalFailure };

export function opticalFailure(code: OpticalCode, detail = ''): OpticalFailure {
  return { code, message: detail === '' ? TABLE[code] : `${TABLE[code]}: ${detail}` };
}
