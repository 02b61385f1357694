import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from './bytes.ts';
import { decodePurseCertificate } from './certificate.ts';
import { LIMITS } from './limits.ts';
import { attempt } from './result.ts';
import { spoil, spoiling } from './testing/cbor.ts';
import { algorithm, generatedMessages } from './testing/messages.ts';
import { bankA, party } from './vectors/cast.ts';
import { everyMessage } from './vectors/everything.ts';
import { READERS } from './vectors/readers.ts';

describe.each(generatedMessages.map((each) => [each.name, each] as const))(
  'any %s',
  (_name, { read, write, values }) => {
    test('reads back as it was written', () => {
      fc.assert(
        fc.property(values, (value) => {
          const bytes = write(value);
          expect(read(bytes)).toEqual(value);
          expect(toHex(write(read(bytes)))).toBe(toHex(bytes));
        }),
        { seed: 10, numRuns: 100 },
      );
    });

    test('spoiled is refused, or says in one way what its bytes say', () => {
      fc.assert(
        fc.property(values, spoiling, (value, way) => {
          const bytes = spoil(write(value), way);
          const outcome = attempt(() => read(bytes));
          const written = outcome.ok ? write(outcome.value) : bytes;
          expect(toHex(written)).toBe(toHex(bytes));
        }),
        { seed: 11, numRuns: 200 },
      );
    });
  },
);

test('any purse certificate reads back as it was written', () => {
  const profile = fc.record({
    tier: fc.nat(LIMITS.tiers - 1),
    assurance: fc.nat(4),
    measurement: fc.nat(LIMITS.imageVersion),
    statusIndex: fc.nat(LIMITS.listEntries - 1),
  });
  const subject = fc.option(fc.stringMatching(/^[A-Za-z ]{1,64}$/));
  const expires = fc.nat(0xffff_ffff);
  fc.assert(
    fc.property(profile, subject, expires, algorithm, (rows, name, until, alg) => {
      const by = party('alice', bankA, { profile: rows, subject: name, expires: until, alg });
      const read = decodePurseCertificate(by.wire);
      expect(read.profile).toEqual(rows);
      expect(read).toMatchObject({ subject: name, expires: until, key: by.signer.key });
      expect(READERS.certificate.write(read)).toEqual(by.wire);
    }),
    { seed: 12, numRuns: 40 },
  );
});

describe('bytes from a stranger never do more than be refused', () => {
  const NO_DATA = new Uint8Array(0);

  test.each(everyMessage.map((each, index) => [`${each.name} ${index}`, each] as const))(
    '%s, spoiled in several places',
    (_name, { name, bytes, external = NO_DATA }) => {
      const reader = READERS[name];
      fc.assert(
        fc.property(fc.array(spoiling, { minLength: 1, maxLength: 6 }), (ways) => {
          const input = ways.reduce(spoil, bytes);
          // Anything but a rejection or a canonical message would be thrown on, and fail here.
          const read = attempt(() => reader.read(input, external));
          const written = read.ok ? reader.write(read.value) : input;
          expect(toHex(written)).toBe(toHex(input));
        }),
        { seed: 13, numRuns: 150 },
      );
    },
  );

  test('noise, read as every kind of message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        for (const { name } of everyMessage) {
          const read = attempt(() => READERS[name].read(noise, NO_DATA));
          const written = read.ok ? READERS[name].write(read.value) : noise;
          expect(toHex(written)).toBe(toHex(noise));
        }
      }),
      { seed: 14, numRuns: 200 },
    );
  });

  test('each message, read as every other kind', () => {
    const accepted: string[] = [];
    for (const { name, bytes } of everyMessage) {
      for (const other of everyMessage) {
        const read = attempt(() => READERS[other.name].read(bytes, NO_DATA));
        if (read.ok) accepted.push(`${name} as ${other.name}`);
      }
    }
    const kinds = everyMessage.map(({ name }) => name);
    const allowed = new Set([
      ...kinds.flatMap((kind) => [`${kind} as ${kind}`, `${kind} as cbor`]),
      'purse-certificate as certificate',
      'authority-certificate as certificate',
      // The general reader's example is that of the operator, an authority.
      'certificate as authority-certificate',
      // Two byte strings each, with nothing that tells them apart: only the caller knows which.
      'evidence as load-reply',
      'load-reply as renewal-request',
      'renewal-request as load-reply',
      'evidence as renewal-request',
      'evidence as signed-image',
      'load-reply as signed-image',
      'renewal-request as signed-image',
      'signed-image as load-reply',
      // A kind and one byte string: evidence travels in enrolments, and nowhere else.
      'frame as attestation',
      'attestation as frame',
      'signed-image as renewal-request',
    ]);
    expect([...new Set(accepted)].filter((each) => !allowed.has(each))).toEqual([]);
  });
});
