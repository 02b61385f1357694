import { unhex } from '../hex.ts';
import type { Message } from '../messages.ts';

/** Messages were JSON, with bytes and large integers marked by the name of a one-field object. */
const BYTES = '$bytes';
const INTEGER = '$integer';

/** Reads a message of an outbox that had a row for each. */
export function readMessage(text: string): Message {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if (BYTES in value) return unhex(String(value[BYTES]));
    return INTEGER in value ? BigInt(String(value[INTEGER])) : value;
  }) as Message;
}
