/** A virtual secure element in a process of its own; its only way out is the port to its app. */
import { serveElement } from '../inside.ts';
import { encodeResponse } from '../port.ts';
import { processPort } from './process-port.ts';

/** Words that a label may have: what a thrown thing says may be anything. */
const UNPRINTABLE = /[\p{C}\p{Z}]+/gu;
const WORDS_MAX = 200;

const port = processPort(process);
try {
  await serveElement(port);
} catch (error) {
  const message = String(error).slice(0, WORDS_MAX).replace(UNPRINTABLE, ' ').trim();
  port.send(encodeResponse({ kind: 4, message: message === '' ? 'for no reason' : message }));
}
process.disconnect();
