import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeApdu, decodeResponse, encodeApdu, encodeResponse } from './apdu.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const data = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const header = { cla: 0x80, ins: 0x10, p1: 1, p2: 2 };

describe('a command APDU (ISO/IEC 7816-4, 5.1)', () => {
  it.each([
    ['1', '80 10 01 02', { data: data(0), le: null }],
    ['2, short', '80 10 01 02 05', { data: data(0), le: 5 }],
    ['2, short, as much as there is', '80 10 01 02 00', { data: data(0), le: 256 }],
    ['2, extended', '80 10 01 02 00 01 01', { data: data(0), le: 257 }],
    ['2, extended, as much as there is', '80 10 01 02 00 00 00', { data: data(0), le: 65_536 }],
    ['3, short', '80 10 01 02 02 07 07', { data: data(2), le: null }],
    ['3, extended', `80 10 01 02 00 01 00 ${'07'.repeat(256)}`, { data: data(256), le: null }],
    ['4, short', '80 10 01 02 01 07 00', { data: data(1), le: 256 }],
    ['4, extended', '80 10 01 02 00 00 01 07 00 00', { data: data(1), le: 65_536 }],
  ])('of case %s is read as it is meant', (_, bytes, expected) => {
    expect(decodeApdu(hex(bytes))).toEqual({ ...header, ...expected });
  });

  it.each([
    ['nothing', ''],
    ['three bytes', '80 10 01'],
    ['less data than it says', '80 10 01 02 03 07 07'],
    ['more behind it than a length', '80 10 01 02 01 07 00 00'],
    ['half an extended length', '80 10 01 02 00 01'],
    ['an extended length of nothing, with data', '80 10 01 02 00 00 00 07'],
    ['a short length behind extended data', '80 10 01 02 00 00 01 07 00'],
  ])('is none: %s', (_, bytes) => {
    expect(decodeApdu(hex(bytes))).toBeNull();
  });

  it('is read back as it was written', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const le = fc.option(fc.integer({ min: 1, max: 65_536 }));
    const fields = { cla: byte, ins: byte, p1: byte, p2: byte, le };
    fc.assert(
      fc.property(fc.record({ ...fields, data: fc.uint8Array({ maxLength: 600 }) }), (command) => {
        expect(decodeApdu(encodeApdu(command))).toEqual(command);
      }),
      { seed: 1 },
    );
  });
});

describe('a response APDU', () => {
  it('ends with its status word', () => {
    expect(decodeResponse(hex('01 02 90 00'))).toEqual({ data: hex('01 02'), sw: 0x9000 });
    expect(decodeResponse(hex('6d 00'))).toEqual({ data: data(0), sw: 0x6d00 });
    expect(decodeResponse(hex('90'))).toBeNull();
    expect(encodeResponse({ data: hex('01'), sw: 0x6102 })).toEqual(hex('01 61 02'));
  });
});
