import {
  algorithmField,
  attempt,
  type Bytes,
  blob,
  type Codec,
  demand,
  decodeCbor,
  digest,
  encodeCbor,
  fixed,
  flag,
  indexSet,
  label,
  LIMITS,
  list,
  nullable,
  oneOf,
  policy,
  ref,
  seconds,
  tagged,
  totalField,
  tuple,
  uint,
  version,
} from '@tallystick/protocol';
import {
  ACCEPTED,
  type Answered,
  type Ban,
  HOLDER_LOCK,
  IN_DOUBT,
  isPurse,
  type MadeStatement,
  type OpenPayment,
  type OwnKey,
  type Part,
  type PendingKey,
  type Pin,
  type Prepared,
  type Purse,
  SETTLED,
  type Stored,
  type Taken,
  TAMPER_LOCK,
  VOIDED,
} from './purse.ts';

const message = blob(LIMITS.messageBytes);
const slot = uint(255);
const seq = uint(LIMITS.position);
const statusIndex = uint(LIMITS.listEntries - 1);

const pendingKey: Codec<PendingKey> = tuple<PendingKey>({
  slot,
  alg: algorithmField,
  key: blob(2_000, 32),
});
const pin: Codec<Pin> = tuple<Pin>({ salt: fixed(16), hash: fixed(32), triesLeft: uint(15) });
const part: Codec<Part> = tuple<Part>({ hop: uint(LIMITS.hopsMax), amount: totalField });
const openPayment: Codec<OpenPayment> = tuple<OpenPayment>({
  seq,
  id: digest,
  payee: ref,
  parts: list(part, LIMITS.hopsMax + 1),
  acceptBy: seconds,
  state: oneOf(IN_DOUBT, SETTLED),
  counts: flag,
});
const answered: Codec<Answered> = tuple<Answered>({
  id: digest,
  seq,
  verdict: oneOf(ACCEPTED, VOIDED),
  acceptBy: seconds,
});
const statement: Codec<MadeStatement> = tuple<MadeStatement>({
  seq,
  id: digest,
  condition: oneOf(0, 1, 2, 3),
});

const purse: Codec<Purse> = tagged<Purse>(1, {
  scheme: label(),
  rootAlgorithm: algorithmField,
  rootKey: blob(2_000, 32),
  authorities: list(message, 64),
  keys: list(tuple<OwnKey>({ slot, certificate: message }), LIMITS.ownCertificates),
  pendingKey: nullable(pendingKey),
  secret: fixed(32),
  seq,
  head: digest,
  ackedTo: seq,
  keepFrom: seq,
  balances: list(totalField, LIMITS.hopsMax + 1),
  policy,
  listVersion: version,
  list: blob(LIMITS.listBytes + 256),
  late: indexSet,
  bans: list(tuple<Ban>({ ref, statusIndex }), LIMITS.bans),
  floor: seconds,
  closedBefore: seconds,
  timeResetVersion: version,
  syncedAt: seconds,
  epoch: version,
  spentTotal: totalField,
  spentCount: uint(LIMITS.openPayments),
  open: list(openPayment, LIMITS.openPayments),
  answered: list(answered, LIMITS.answeredPayments),
  taken: list(tuple<Taken>({ payer: ref, total: totalField }), LIMITS.payers),
  pin: nullable(pin),
  lock: uint(HOLDER_LOCK | TAMPER_LOCK),
  statement: nullable(statement),
});

const prepared: Codec<Prepared> = tagged<Prepared>(0, { pendingKey, pin: nullable(pin) });

/**
 * Writes a state. Every table's writer keeps its bound, so that this never fails; but what could not
 * be read back at the next start would be a purse lost, so it is refused before it replaces a good
 * one. Rejects: STORAGE_FAILED.
 */
export function encodeStored(stored: Stored): Bytes {
  const checked = attempt(() => {
    const item = isPurse(stored) ? purse.encode(stored) : prepared.encode(stored);
    readItem(item);
    return encodeCbor(item);
  });
  demand(checked.ok, 'STORAGE_FAILED', checked.ok ? '' : checked.error.message);
  demand(checked.value.length <= LIMITS.stateBytes, 'STORAGE_FAILED', 'the state is too large');
  return checked.value;
}

/** Reads a committed state, in full or not at all. Rejects with the decoding codes. */
export function decodeStored(bytes: Bytes): Stored {
  return readItem(decodeCbor(bytes, LIMITS.stateBytes));
}

function readItem(item: unknown): Stored {
  if (Array.isArray(item) && item[0] === 0) return prepared.decode(item, 'state');
  const value = purse.decode(item, 'state');
  demand(value.keys.length > 0, 'BAD_FIELD', 'state.keys is empty');
  return value;
}
