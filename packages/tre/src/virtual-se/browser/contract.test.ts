import { attempt, toHex } from '@tallystick/protocol';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeFrameRequest,
  decodeFrameResponse,
  encodeFrameRequest,
  encodeFrameResponse,
} from './contract.ts';

test('whatever crosses between app and element and is no message is refused, with a code (TS-TRE-8)', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      for (const again of [
        attempt(() => encodeFrameRequest(decodeFrameRequest(bytes))),
        attempt(() => encodeFrameResponse(decodeFrameResponse(bytes))),
      ]) {
        expect(toHex(again.ok ? again.value : bytes)).toBe(toHex(bytes));
      }
    }),
    { seed: 1, numRuns: 2_000 },
  );
});
