/** What every app says alike. Every other language has the same, and says it in its own way. */
export const common = {
  back: 'Back',
  done: 'Done',
  cancel: 'Cancel',
  again: 'Try again',
  working: 'One moment…',
  erase: 'Erase a digit',

  /** Of a PIN that is chosen. */
  newPin: {
    hint: 'At least four digits. It never leaves this device.',
    tooShort: 'Use at least four digits.',
    again: 'The same PIN again',
    differs: 'The two PINs differ.',
  },

  orTap: 'Or hold the two phones together.',
  camera: {
    CAMERA_REFUSED:
      'The camera is not allowed here. Allow it beside the address of this page, then try again.',
    CAMERA_MISSING: 'This device has no camera. It can still show codes to others.',
    CAMERA_BUSY: 'The camera does not start. Close other apps that may use it, then try again.',
    CAMERA_UNSUPPORTED: 'This browser gives no camera to pages. Try another one.',
    CAMERA_LOST: 'The camera has stopped. Try again.',
    DECODER_FAILED: 'The reader of codes has stopped. Try again.',
    sees: 'What the camera sees',
  },
};

export type Common = typeof common;
