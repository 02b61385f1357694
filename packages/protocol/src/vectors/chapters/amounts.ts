import type { ErrorCode } from '../../errors.ts';
import { fromHex } from '../../bytes.ts';
import type { Vector, VectorFile } from '../file.ts';
import { invalid } from '../vector.ts';

function onWire(name: string, hex: string, minor: string): Vector {
  return { name, clause: 'TS-AMT-2', of: 'amount', input: hex, expect: { fields: minor } };
}

function refused(name: string, hex: string, code: ErrorCode): Vector {
  const clause = code === 'AMOUNT_OVERFLOW' ? 'TS-AMT-3' : 'TS-AMT-2';
  return invalid(name, clause, 'amount', fromHex(hex) ?? new Uint8Array(0), code);
}

function typed(input: string, currency: number, outcome: Vector['expect']): Vector {
  const name = `"${input}" typed in currency ${currency}`;
  return { name, clause: 'TS-AMT-5', of: 'amount-text', input, currency, expect: outcome };
}

const EUR = 978;
const JPY = 392;
const BHD = 48;

export const amounts: VectorFile = {
  chapter: '02-amounts',
  about: 'Amounts on the wire, and as people type them.',
  vectors: [
    onWire('one minor unit', '01', '1'),
    onWire('12.50', '1904e2', '1250'),
    onWire('the largest amount', '1b001fffffffffffff', '9007199254740991'),
    refused('zero', '00', 'BAD_AMOUNT'),
    refused('minus one', '20', 'BAD_AMOUNT'),
    refused('minus 2^63', '3b7fffffffffffffff', 'BAD_AMOUNT'),
    refused('one more than the largest', '1b0020000000000000', 'AMOUNT_OVERFLOW'),
    refused('2^53 + 1, which a float would round', '1b0020000000000001', 'AMOUNT_OVERFLOW'),
    refused('2^64 - 1', '1bffffffffffffffff', 'AMOUNT_OVERFLOW'),
    refused('a big integer', 'c2420100', 'NON_CANONICAL'),
    refused('a float', 'f94a40', 'NON_CANONICAL'),
    refused('text', '6431323530', 'BAD_FIELD'),
    refused('null', 'f6', 'BAD_FIELD'),
    typed('12.5', EUR, { fields: '1250' }),
    typed('12.50', EUR, { fields: '1250' }),
    typed('12', JPY, { fields: '12' }),
    typed('0.001', BHD, { fields: '1' }),
    typed('90071992547409.91', EUR, { fields: '9007199254740991' }),
    typed('12.345', EUR, { code: 'BAD_AMOUNT' }),
    typed('12.5', JPY, { code: 'BAD_AMOUNT' }),
    typed('0.00', EUR, { code: 'BAD_AMOUNT' }),
    typed('-1', EUR, { code: 'BAD_AMOUNT' }),
    typed('1,5', EUR, { code: 'BAD_AMOUNT' }),
    typed('1e3', EUR, { code: 'BAD_AMOUNT' }),
    typed('', EUR, { code: 'BAD_AMOUNT' }),
    typed('90071992547409.92', EUR, { code: 'AMOUNT_OVERFLOW' }),
    typed('1', 999, { code: 'WRONG_CURRENCY' }),
  ],
};
