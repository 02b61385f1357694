import { attempt, toHex } from '@tallystick/protocol';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse } from './port.ts';

test('the port refuses whatever is no message, with a code', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      for (const again of [
        attempt(() => encodeRequest(decodeRequest(bytes))),
        attempt(() => encodeResponse(decodeResponse(bytes))),
      ]) {
        expect(toHex(again.ok ? again.value : bytes)).toBe(toHex(bytes));
      }
    }),
    { seed: 1, numRuns: 2_000 },
  );
});
