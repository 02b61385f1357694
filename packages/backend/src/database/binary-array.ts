/** The column types that can be written in bulk, with the JavaScript type of their values. */
export interface CellTypes {
  bool: boolean;
  bytea: Uint8Array;
  /** Bytes that are at hand as lower-case hex. */
  hex: string;
  int2: number;
  int4: number;
  int8: bigint;
  /** A whole number of any size. */
  numeric: bigint;
  text: string;
  timestamptz: Date;
}

export type ColumnType = keyof CellTypes;
export type Cell = CellTypes[ColumnType] | null;

/** How the values of one type are written in PostgreSQL's binary format. */
interface Format<T> {
  /** The number of the type in PostgreSQL's catalogue, the same in every version. */
  readonly oid: number;
  /** Refuses what the column cannot hold exactly; the words complete "a value that ...". */
  readonly objection: (value: Cell) => string | null;
  readonly size: (value: T) => number;
  readonly write: (into: Buffer, value: T, offset: number) => void;
}

/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const MAX_INT8 = 2n ** 63n - 1n;

const NUMERIC_NEGATIVE = 0x4000;

/** Digits to the base of PostgreSQL's numeric, the highest first; none for zero. */
function tenThousands(value: bigint): number[] {
  const digits: number[] = [];
  for (let rest = value < 0n ? -value : value; rest > 0n; rest /= 10_000n) {
    digits.unshift(Number(rest % 10_000n));
  }
  return digits;
}

function integer(bits: number): (value: Cell) => string | null {
  const limit = 2 ** (bits - 1);
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= -limit && value < limit
      ? null
      : `is not a whole number of ${bits} bits`;
}

const FORMATS: { readonly [T in ColumnType]: Format<CellTypes[T]> } = {
  bool: {
    oid: 16,
    objection: (value) => (typeof value === 'boolean' ? null : 'is not a boolean'),
    size: () => 1,
    write: (into, value, offset) => into.writeUInt8(value ? 1 : 0, offset),
  },
  bytea: {
    oid: 17,
    objection: (value) => (value instanceof Uint8Array ? null : 'is not a Uint8Array'),
    size: (value) => value.length,
    write: (into, value, offset) => into.set(value, offset),
  },
  hex: {
    oid: 17,
    objection: (value) =>
      typeof value === 'string' && value.length % 2 === 0 ? null : 'is not hex',
    size: (value) => value.length / 2,
    write: (into, value, offset) => {
      const written = into.write(value, offset, 'hex');
      if (written !== value.length / 2) throw new RangeError(`${value} is not hex`);
    },
  },
  int2: {
    oid: 21,
    objection: integer(16),
    size: () => 2,
    write: (into, value, offset) => into.writeInt16BE(value, offset),
  },
  int4: {
    oid: 23,
    objection: integer(32),
    size: () => 4,
    write: (into, value, offset) => into.writeInt32BE(value, offset),
  },
  int8: {
    oid: 20,
    objection: (value) =>
      typeof value === 'bigint' && value <= MAX_INT8 && value >= -MAX_INT8 - 1n
        ? null
        : 'is not a bigint of 64 bits',
    size: () => 8,
    write: (into, value, offset) => into.writeBigInt64BE(value, offset),
  },
  numeric: {
    oid: 1700,
    objection: (value) => (typeof value === 'bigint' ? null : 'is not a bigint'),
    size: (value) => 8 + 2 * tenThousands(value).length,
    write: (into, value, offset) => {
      const digits = tenThousands(value);
      into.writeInt16BE(digits.length, offset);
      into.writeInt16BE(Math.max(digits.length - 1, 0), offset + 2); // weight of the first digit
      into.writeInt16BE(value < 0n ? NUMERIC_NEGATIVE : 0, offset + 4);
      into.writeInt16BE(0, offset + 6); // decimal places
      for (const [at, digit] of digits.entries()) into.writeInt16BE(digit, offset + 8 + 2 * at);
    },
  },
  text: {
    oid: 25,
    objection: (value) => {
      if (typeof value !== 'string') return 'is not a string';
      if (value.includes('\0')) return 'holds a NUL character, which PostgreSQL cannot store';
      return value.isWellFormed() ? null : 'holds half a character (a lone surrogate)';
    },
    size: (value) => Buffer.byteLength(value),
    write: (into, value, offset) => into.write(value, offset),
  },
  timestamptz: {
    oid: 1184,
    objection: (value) =>
      value instanceof Date && !Number.isNaN(value.getTime()) ? null : 'is not a valid Date',
    size: () => 8,
    write: (into, value, offset) =>
      into.writeBigInt64BE(BigInt(value.getTime() - EPOCH_MS) * 1000n, offset),
  },
};

/** What PostgreSQL calls a type. */
export function sqlType(type: ColumnType): string {
  return type === 'hex' ? 'bytea' : type;
}

const NULL_LENGTH = -1;
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;

/**
 * One column of values as a PostgreSQL array in binary format, to bind as a parameter that the
 * statement casts: `unnest($1::int8[])`. The driver sends a Buffer in binary, so the server neither
 * parses nor unescapes text.
 *
 * @throws RangeError naming the column and the row of a value that the type cannot hold exactly
 */
export function binaryArray<T extends ColumnType>(
  type: T,
  values: readonly (CellTypes[T] | null)[],
  column: string = type,
): Buffer {
  const format: Format<CellTypes[T]> = FORMATS[type];
  const sizes = values.map((value, row) => {
    if (value === null) return NULL_LENGTH;
    const objection = format.objection(value);
    if (objection !== null) throw new RangeError(`${column} of row ${row} ${objection}`);
    return format.size(value);
  });
  const bytes = sizes.reduce((sum, size) => sum + LENGTH_BYTES + Math.max(size, 0), HEADER_BYTES);
  const array = Buffer.allocUnsafe(bytes);
  array.writeInt32BE(1, 0); // one dimension
  array.writeInt32BE(sizes.includes(NULL_LENGTH) ? 1 : 0, 4);
  array.writeInt32BE(format.oid, 8);
  array.writeInt32BE(values.length, 12);
  array.writeInt32BE(1, 16); // counted from one
  let offset = HEADER_BYTES;
  for (const [row, size] of sizes.entries()) {
    offset = array.writeInt32BE(size, offset);
    if (size === NULL_LENGTH) continue;
    format.write(array, values[row] as CellTypes[T], offset);
    offset += size;
  }
  return array;
}
