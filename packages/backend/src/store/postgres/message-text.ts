import { toHex } from '@tallystick/protocol';
import { unhex } from '../hex.ts';
import type { Message } from '../messages.ts';

/** Messages as JSON, with bytes and large integers marked by the name of a one-field object. */
const BYTES = '$bytes';
const INTEGER = '$integer';

export function writeMessage(message: Message): string {
  return JSON.stringify(message, (_key, value: unknown) => {
    if (value instanceof Uint8Array) return { [BYTES]: toHex(value) };
    return typeof value === 'bigint' ? { [INTEGER]: value.toString() } : value;
  });
}

/** Reads what {@link writeMessage} wrote. */
export function readMessage(text: string): Message {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if (BYTES in value) return unhex(String(value[BYTES]));
    return INTEGER in value ? BigInt(String(value[INTEGER])) : value;
  }) as Message;
}
