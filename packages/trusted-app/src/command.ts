import {
  type Algorithm,
  algorithmField,
  type Bytes,
  amountField,
  blob,
  type Codec,
  type Currency,
  currencyField,
  decodeCbor,
  demand,
  digest,
  encodeCbor,
  fixed,
  flag,
  label,
  LIMITS,
  list,
  member,
  nullable,
  type Seconds,
  seconds,
  union,
} from '@tallystick/protocol';

/** Kind numbers of the commands: the first element of each command's array (TS-PUR-3). */
export const COMMAND = {
  status: 1,
  prepare: 2,
  personalise: 3,
  request: 4,
  pay: 5,
  receive: 6,
  void: 7,
  settle: 8,
  restore: 9,
  retry: 10,
  state: 11,
  importAnswer: 12,
  adoptPolicy: 13,
  importList: 14,
  checkProof: 15,
  resetTime: 16,
  startRenewal: 17,
  finishRenewal: 18,
  setPin: 19,
  lock: 20,
  unlock: 21,
  importDelta: 22,
} as const;

interface Status {
  readonly kind: typeof COMMAND.status;
}
/** Makes the key and the enrolment that asks for its certificate. */
interface Prepare {
  readonly kind: typeof COMMAND.prepare;
  readonly alg: Algorithm;
  readonly challenge: Bytes;
  readonly pin: Bytes | null;
}
/** Turns the prepared key into a purse; every part is checked up to the given root. */
interface Personalise {
  readonly kind: typeof COMMAND.personalise;
  readonly scheme: string;
  readonly rootAlgorithm: Algorithm;
  readonly rootKey: Bytes;
  readonly authorities: readonly Bytes[];
  readonly certificate: Bytes;
  readonly policy: Bytes;
  readonly list: Bytes;
  readonly operator: Bytes;
}
interface MakeRequest {
  readonly kind: typeof COMMAND.request;
  readonly currency: Currency;
  readonly amount: bigint | null;
  readonly expires: Seconds;
  readonly isStatic: boolean;
}
interface Pay {
  readonly kind: typeof COMMAND.pay;
  readonly request: Bytes;
  readonly certificate: Bytes;
  /** Needed where the request leaves the amount open; else null or the same. */
  readonly amount: bigint | null;
  readonly pin: Bytes | null;
  /** Ask the platform to confirm the holder instead of a PIN. */
  readonly assertHolder: boolean;
  /** The holder knows that an earlier payment to this payee is in doubt, and pays again. */
  readonly despiteDoubt: boolean;
}
interface Receive {
  readonly kind: typeof COMMAND.receive;
  readonly payment: Bytes;
  readonly certificate: Bytes;
  readonly request: Bytes;
  /** False on a terminal without reply channel: it spares a signature. */
  readonly wantReceipt: boolean;
}
interface VoidPayment {
  readonly kind: typeof COMMAND.void;
  readonly payment: Bytes;
  readonly certificate: Bytes;
  readonly request: Bytes;
}
interface Settle {
  readonly kind: typeof COMMAND.settle;
  readonly receipt: Bytes;
  readonly certificate: Bytes;
}
/** Takes back an own payment, by the payee's void or the issuer's closure. */
interface Restore {
  readonly kind: typeof COMMAND.restore;
  readonly evidence: Bytes;
  readonly certificate: Bytes;
}
interface Retry {
  readonly kind: typeof COMMAND.retry;
  readonly paymentId: Bytes;
}
interface State {
  readonly kind: typeof COMMAND.state;
}
interface ImportAnswer {
  readonly kind: typeof COMMAND.importAnswer;
  readonly answer: Bytes;
  readonly certificate: Bytes;
}
interface AdoptPolicy {
  readonly kind: typeof COMMAND.adoptPolicy;
  readonly policy: Bytes;
}
interface ImportList {
  readonly kind: typeof COMMAND.importList;
  readonly list: Bytes;
  readonly certificate: Bytes;
}
interface CheckProof {
  readonly kind: typeof COMMAND.checkProof;
  readonly proof: Bytes;
}
interface ResetTime {
  readonly kind: typeof COMMAND.resetTime;
  readonly reset: Bytes;
}
interface StartRenewal {
  readonly kind: typeof COMMAND.startRenewal;
  readonly alg: Algorithm;
  readonly challenge: Bytes;
}
interface FinishRenewal {
  readonly kind: typeof COMMAND.finishRenewal;
  readonly certificate: Bytes;
}
interface SetPin {
  readonly kind: typeof COMMAND.setPin;
  readonly current: Bytes | null;
  readonly next: Bytes;
}
interface Lock {
  readonly kind: typeof COMMAND.lock;
}
interface Unlock {
  readonly kind: typeof COMMAND.unlock;
  readonly pin: Bytes;
}
interface ImportDelta {
  readonly kind: typeof COMMAND.importDelta;
  readonly delta: Bytes;
  readonly certificate: Bytes;
}

export type Command =
  | Status
  | Prepare
  | Personalise
  | MakeRequest
  | Pay
  | Receive
  | VoidPayment
  | Settle
  | Restore
  | Retry
  | State
  | ImportAnswer
  | AdoptPolicy
  | ImportList
  | CheckProof
  | ResetTime
  | StartRenewal
  | FinishRenewal
  | SetPin
  | Lock
  | Unlock
  | ImportDelta;

export type CommandOf<K extends Command['kind']> = Extract<Command, { readonly kind: K }>;

/** A message to be read on its own: too long a one is just that, not a wrong field (TS-ENC-4). */
function embedded(max: number): Codec<Bytes> {
  const bytes = blob(COMMAND_BYTES);
  return {
    encode: (value) => bytes.encode(value),
    decode: (item, path) => {
      const value = bytes.decode(item, path);
      demand(value.length <= max, 'OVERSIZED', `${path} has more than ${max} bytes`);
      return value;
    },
  };
}

const COMMAND_BYTES = LIMITS.frameBytes * 4;

const message = embedded(LIMITS.messageBytes);
const statusList = embedded(LIMITS.listBytes + 1024);
/** 4 to 32 bytes of UTF-8: digits by convention, but a passphrase fits. */
const pin = blob(32, 4);

const command: Codec<Command> = union<Command, Command['kind']>({
  1: member<Status>(1, {}),
  2: member<Prepare>(2, { alg: algorithmField, challenge: fixed(32), pin: nullable(pin) }),
  3: member<Personalise>(3, {
    scheme: label(),
    rootAlgorithm: algorithmField,
    rootKey: blob(2_000, 32),
    authorities: list(message, 64),
    certificate: message,
    policy: message,
    list: statusList,
    operator: message,
  }),
  4: member<MakeRequest>(4, {
    currency: currencyField,
    amount: nullable(amountField),
    expires: seconds,
    isStatic: flag,
  }),
  5: member<Pay>(5, {
    request: message,
    certificate: message,
    amount: nullable(amountField),
    pin: nullable(pin),
    assertHolder: flag,
    despiteDoubt: flag,
  }),
  6: member<Receive>(6, {
    payment: message,
    certificate: message,
    request: message,
    wantReceipt: flag,
  }),
  7: member<VoidPayment>(7, { payment: message, certificate: message, request: message }),
  8: member<Settle>(8, { receipt: message, certificate: message }),
  9: member<Restore>(9, { evidence: message, certificate: message }),
  10: member<Retry>(10, { paymentId: digest }),
  11: member<State>(11, {}),
  12: member<ImportAnswer>(12, { answer: message, certificate: message }),
  13: member<AdoptPolicy>(13, { policy: message }),
  14: member<ImportList>(14, { list: statusList, certificate: message }),
  15: member<CheckProof>(15, { proof: embedded(LIMITS.frameBytes) }),
  16: member<ResetTime>(16, { reset: message }),
  17: member<StartRenewal>(17, { alg: algorithmField, challenge: fixed(32) }),
  18: member<FinishRenewal>(18, { certificate: message }),
  19: member<SetPin>(19, { current: nullable(pin), next: pin }),
  20: member<Lock>(20, {}),
  21: member<Unlock>(21, { pin }),
  22: member<ImportDelta>(22, { delta: message, certificate: message }),
});

export function encodeCommand(value: Command): Bytes {
  return encodeCbor(command.encode(value));
}

export function decodeCommand(bytes: Bytes): Command {
  return command.decode(decodeCbor(bytes, COMMAND_BYTES), 'command');
}
