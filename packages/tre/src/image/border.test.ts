import {
  ED25519,
  encodeCbor,
  ES256,
  LIMITS,
  type Result,
  sha256,
  toHex,
  attempt,
} from '@tallystick/protocol';
import type { Effect, EffectAnswer } from '@tallystick/trusted-app';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostElement } from '../element.ts';
import { emptyDisk } from '../memory/disk.ts';
import { memoryHost } from '../memory/host.ts';
import { seededRandom } from '../memory/random.ts';
import type { Host } from '../port.ts';
import { TEST_IDENTITY } from '../testing/identity.ts';
import { decodeCall, decodeReturn, encodeCall, encodeReturn } from './border.ts';
import { createImage } from './inside.ts';
import { bootImage, type Image } from './outside.ts';

const bytes = (max: number, min = 0): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: min, maxLength: max });
const alg = fc.constantFrom(ES256, ED25519);
const slot = fc.nat(255);
const position = fc.nat(LIMITS.position);

const effect: fc.Arbitrary<Effect> = fc.oneof(
  fc.record({ kind: fc.constant('random' as const), length: fc.nat(1_024) }),
  fc.record({ kind: fc.constant('generate-key' as const), slot, alg }),
  fc.record({ kind: fc.constant('sign' as const), slot, alg, message: bytes(300) }),
  fc.record({
    kind: fc.constant('verify' as const),
    check: fc.record({
      key: fc.record({ alg, bytes: bytes(33, 32) }),
      message: bytes(300),
      signature: bytes(64),
    }),
  }),
  fc.record({ kind: fc.constant('stretch' as const), pin: bytes(32), salt: bytes(16, 16) }),
  fc.record({ kind: fc.constant('assert-holder' as const), challenge: bytes(32) }),
  fc.record({ kind: fc.constant('attest' as const), slot, binding: bytes(32, 32) }),
  fc.record({ kind: fc.constant('clock' as const) }),
  fc.record({ kind: fc.constant('read-log' as const), seq: position }),
  fc.record({
    kind: fc.constant('commit' as const),
    state: bytes(300),
    append: fc.array(bytes(100), { maxLength: 3 }),
    logEnd: position,
    keepFrom: position,
  }),
);

const answer: fc.Arbitrary<EffectAnswer> = fc.oneof(
  bytes(100),
  fc.boolean(),
  fc.nat(LIMITS.position),
  fc.constant(null),
);

const codeOf = (result: Result<unknown>): string => (result.ok ? 'OK' : result.error.code);

function host(): Host {
  const random = seededRandom('border');
  return memoryHost({ disk: emptyDisk(), random, clock: () => null });
}

describe('the border of an image (TS-TRE-5)', () => {
  it('carries every effect and every answer across unchanged', () => {
    fc.assert(
      fc.property(effect, answer, (asked, answered) => {
        const crossed = decodeReturn(encodeReturn({ kind: 2, effect: asked }));
        expect(crossed).toEqual({ kind: 2, effect: asked });
        const call = { kind: 2, answer: answered } as const;
        expect(decodeCall(encodeCall(call))).toEqual(call);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('refuses bytes that are no crossing, whatever they are', () => {
    fc.assert(
      fc.property(bytes(60), (junk) => {
        for (const decode of [decodeCall, decodeReturn]) {
          const read = attempt(() => decode(junk));
          expect(read.ok && read.value === undefined).toBe(false);
        }
      }),
      { numRuns: 500, seed: 2 },
    );
    const unknown = encodeCbor([2, [10]]);
    expect(codeOf(attempt(() => decodeReturn(unknown)))).toBe('WRONG_KIND');
    expect(codeOf(attempt(() => decodeReturn(encodeCbor([2, [0]]))))).toBe('MISSING_FIELD');
    expect(codeOf(attempt(() => decodeReturn(encodeCbor([1, 'NO_CODE', 'x']))))).toBe('BAD_FIELD');
    expect(codeOf(attempt(() => decodeCall(encodeCbor([2, 'text']))))).toBe('BAD_FIELD');
  });

  it('hands on a refusal to boot', async () => {
    const disk = { ...emptyDisk(), state: sha256() };
    const tampered = memoryHost({ disk, random: seededRandom('border'), clock: () => null });
    expect(codeOf(await hostElement(tampered, bootImage(createImage(), TEST_IDENTITY)))).toBe(
      'TAMPERED',
    );
  });

  it.each<readonly [string, Image]>([
    ['says nothing that is understood', () => Uint8Array.of(0xff)],
    ['replies before it is booted', () => encodeReturn({ kind: 3, reply: new Uint8Array(1) })],
  ])('does not open an image that %s', async (_, image) => {
    await expect(hostElement(host(), bootImage(image, TEST_IDENTITY))).rejects.toThrow(Error);
  });

  it('ends an element whose image boots again instead of answering', async () => {
    const image = (): Uint8Array => encodeReturn({ kind: 0, logEnd: 0 });
    const opened = await hostElement(host(), bootImage(image, TEST_IDENTITY));
    const outcome = opened.ok
      ? await opened.value.execute(encodeCbor([1])).catch((error: unknown) => String(error))
      : 'not opened';
    expect(outcome).toMatch(/gone/);
  });

  it('asks nothing of an image that is not booted', () => {
    const image = createImage();
    expect(() => image(encodeCall({ kind: 1, command: encodeCbor([1]) }))).toThrow(TypeError);
    expect(toHex(image(encodeCall(BOOT)))).toBe(toHex(encodeReturn({ kind: 0, logEnd: 0 })));
  });
});

const BOOT = { kind: 0, ...TEST_IDENTITY, state: null, logEnd: 0 } as const;
