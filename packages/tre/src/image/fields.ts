import {
  type Bytes,
  blob,
  type Codec,
  type ErrorCode,
  isErrorCode,
  LIMITS,
  reject,
} from '@tallystick/protocol';
import type { EffectAnswer } from '@tallystick/trusted-app';

/** Fields of whatever crosses between a trusted application and the world. */

/** An answer to an effect, of any kind: whoever asked knows which it must be. */
export const answerField: Codec<EffectAnswer> = {
  encode: (value) => value,
  decode: (item, path) => {
    if (item instanceof Uint8Array) return item.slice();
    if (item === null || typeof item === 'boolean' || typeof item === 'number') return item;
    return reject('BAD_FIELD', path);
  },
};

export const codeField: Codec<ErrorCode> = {
  encode: (value) => value,
  decode: (item, path) =>
    typeof item === 'string' && isErrorCode(item) ? item : reject('BAD_FIELD', path),
};

/** One more than any command may have, so that the trusted application itself refuses it. */
export const COMMAND_BYTES_MAX: number = 4 * LIMITS.frameBytes + 1;

const readCommand = blob(COMMAND_BYTES_MAX);

/** A command, cut just behind the limit where it is longer: too long it stays, and borders stay small. */
export function cutCommand(command: Bytes): Bytes {
  return command.length <= COMMAND_BYTES_MAX ? command : command.subarray(0, COMMAND_BYTES_MAX);
}

/** A command on its way to the trusted application, cut where it is longer than any may be. */
export const commandField: Codec<Bytes> = {
  encode: (command) => readCommand.encode(cutCommand(command)),
  decode: (item, path) => readCommand.decode(item, path),
};
