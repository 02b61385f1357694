import type { Command } from '../command/command.ts';
import { DEFAULT_DATA } from '../trust/places.ts';

/** `tallystick inspect`. */
export const inspect: Command = {
  name: 'inspect',
  summary: 'explain and verify any message of the protocol',
  description: [
    'Explains every field of a message and verifies it against a stored scheme root: frames, signed',
    'messages, certificates, status lists, fork proofs, log entries and whole logs, uploads, replies.',
    'Exits with 0 only when everything could be checked and nothing failed.',
  ].join('\n'),
  argument: {
    name: 'message',
    says: 'hex, base45 (TS1:…, or the lines of an animated code), base64url, a file, or - for stdin',
  },
  options: {
    trust: {
      value: 'FILE',
      says: `stored root; default trust.json beside the message, then in --data`,
    },
    data: { value: 'FOLDER', says: `data folder of serve; default ./${DEFAULT_DATA}` },
    certificate: {
      value: 'MESSAGE',
      says: 'certificate that the message does not carry',
      isMany: true,
    },
    request: { value: 'MESSAGE', says: 'signed request that a payment answers' },
    statement: { value: 'MESSAGE', says: 'signed statement at the end of a log' },
  },
  examples: [
    {
      line: 'inspect data/demo/1-payment.cbor --request data/demo/1-request.cbor',
      says: 'a payment that the demo made, with the request it answers',
    },
    { line: "inspect 'TS1:…' --json", says: 'the text of a QR code, for a program' },
    { line: 'inspect - --trust trust.json < frame.bin', says: 'bytes from another program' },
  ],
  run: async (call) => (await import('./run.ts')).runInspect(call),
};
