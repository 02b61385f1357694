import type { CarriedPayment, Letter, Message } from '../messages.ts';
import { PackReader, PackWriter } from './packing.ts';

/** Letters of one transaction, packed into one column. */

/** In the first layout amounts had eight bytes. */
const LAYOUT = 2;
const FIXED_AMOUNTS = 1;
const ID_BYTES = 32;
const REF_BYTES = 8;
const LETTER_BYTES = 320;

/** How one field of a message is written and read. */
interface Field<T> {
  readonly write: (into: PackWriter, value: T) => void;
  readonly read: (from: PackReader) => T;
}

const ID: Field<string> = {
  write: (into, value) => into.name(value, ID_BYTES),
  read: (from) => from.name(ID_BYTES),
};
/** Hex of any length: a payment, or the cause of a refund. */
const CAUSE: Field<string> = {
  write: (into, value) => {
    into.u8(value.length / 2);
    into.name(value, value.length / 2);
  },
  read: (from) => from.name(from.u8()),
};
const TEXT: Field<string> = {
  write: (into, value) => into.text(value),
  read: (from) => from.text(),
};
const COUNT: Field<number> = {
  write: (into, value) => into.count(value),
  read: (from) => from.count(),
};
const FLAG: Field<boolean> = {
  write: (into, value) => into.u8(value ? 1 : 0),
  read: (from) => from.u8() === 1,
};
const BYTES: Field<Uint8Array> = {
  write: (into, value) => into.bytes(value),
  read: (from) => from.bytes(),
};
const MONEY: Field<bigint> = {
  write: (into, value) => into.sum(value),
  read: (from) => (from.layout === FIXED_AMOUNTS ? from.money() : from.sum()),
};

function orNull<T>(field: Field<T>): Field<T | null> {
  return {
    write: (into, value) => {
      into.u8(value === null ? 0 : 1);
      if (value !== null) field.write(into, value);
    },
    read: (from) => (from.u8() === 0 ? null : field.read(from)),
  };
}

const CARRIED: Field<CarriedPayment> = {
  write: (into, { kid, alg, external, payload, signature }) => {
    into.name(kid, REF_BYTES);
    into.i32(alg);
    into.bytes(external);
    into.bytes(payload);
    orNull(BYTES).write(into, signature);
  },
  read: (from) => ({
    kid: from.name(REF_BYTES),
    alg: from.i32(),
    external: from.bytes(),
    payload: from.bytes(),
    signature: orNull(BYTES).read(from),
  }),
};

type Fields<M> = { readonly [K in Exclude<keyof M, 'kind'>]: Field<M[K]> };
type Of<K extends Message['kind']> = Extract<Message, { readonly kind: K }>;

/** Every kind of message with its fields. What is stored names places in this list: it only grows. */
const KINDS: { readonly [K in Message['kind']]: Fields<Of<K>> } = {
  answered: { payment: ID, carried: orNull(CARRIED), accepted: FLAG, voided: FLAG },
  expected: { payment: ID, carried: CARRIED },
  closed: { payment: ID, closure: BYTES },
  voided: { payment: ID, record: BYTES },
  wanted: { payment: ID },
  revoked: { payment: ID, version: COUNT },
  proof: { proof: BYTES },
  listed: { version: COUNT, reason: TEXT },
  revoke: { reason: TEXT },
  credit: {
    payment: CAUSE,
    participant: TEXT,
    account: TEXT,
    currency: COUNT,
    amount: MONEY,
    cause: TEXT as Field<Of<'credit'>['cause']>,
  },
};

type AnyFields = readonly (readonly [string, Field<unknown>])[];
const PLACES = Object.keys(KINDS) as Message['kind'][];
const FIELDS = Object.values(KINDS).map((fields) => Object.entries(fields) as AnyFields);

export function writeLetters(letters: readonly Letter[]): Uint8Array {
  const into = new PackWriter(LAYOUT, LETTER_BYTES * letters.length);
  for (const { from, to, message } of letters) {
    const place = PLACES.indexOf(message.kind);
    into.name(from, REF_BYTES);
    into.text(to);
    into.u8(place);
    for (const [name, field] of FIELDS[place] ?? []) {
      field.write(into, message[name as keyof Message]);
    }
  }
  return into.finish();
}

/** Reads what {@link writeLetters} wrote. */
export function readLetters(bytes: Uint8Array): readonly Letter[] {
  const reader = new PackReader(bytes, LAYOUT, FIXED_AMOUNTS);
  const letters: Letter[] = [];
  while (reader.hasMore) {
    const from = reader.name(REF_BYTES);
    const to = reader.text();
    const place = reader.u8();
    const fields = FIELDS[place];
    if (fields === undefined) throw new RangeError(`a letter of kind ${place}`);
    const message: Record<string, unknown> = { kind: PLACES[place] };
    for (const [name, field] of fields) message[name] = field.read(reader);
    letters.push({ from, to, message: message as Message });
  }
  return letters;
}
