/** What attacks on the decoders start from: a valid message of each kind, its reader, and its signers. */
export { type Forging, forged, hostileKey } from './edwards.ts';
export { everyMessage, type Example } from './everything.ts';
export { type MessageName, type Reader, READERS } from './readers.ts';
