import {
  type Bytes,
  type Closure,
  closure as closureCodec,
  decodeCbor,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  demand,
  equal,
  type PurseCertificate,
  RECORD,
  receipt as receiptCodec,
  reject,
  restore as restoreCodec,
  type Signed,
  type Void,
  voidRecord,
} from '@tallystick/protocol';
import { append, nextPlace } from '../append.ts';
import { deposit } from '../balance.ts';
import type { CommandOf } from '../command.ts';
import { commit, type Steps } from '../effects.ts';
import { IN_DOUBT, type OpenPayment, type Purse, SETTLED } from '../purse.ts';
import type { Done } from '../reply.ts';
import { demandUnlocked } from '../rules.ts';
import { anyPurse, authenticate, type Context, demandStanding, ownIssuer } from '../trust.ts';

/** Notes the payee's receipt: the payment is no longer in doubt (TS-RCP-2). */
export function* settle(purse: Purse, command: CommandOf<8>, context: Context): Steps<Done> {
  const signed = decodeSigned(command.receipt);
  const { paymentId } = decodePayload(signed.payload, receiptCodec, 'receipt');
  const certificate = decodePurseCertificate(command.certificate);
  const open = yield* openByPayee(purse, context, { signed, certificate, paymentId });
  if (open.state === SETTLED) return { kind: 0 };
  const settled = purse.open.map((each) => (each === open ? { ...each, state: SETTLED } : each));
  yield* commit({ ...purse, open: settled });
  return { kind: 0 };
}

/** Takes an open payment back: the sub-balances it came from get their parts again (TS-VOI-3). */
export function* restore(purse: Purse, command: CommandOf<9>, context: Context): Steps<Done> {
  demandUnlocked(purse);
  const open = yield* releasedOpen(purse, command, context);
  // GUARD settled-stays (rule 4): what has a receipt is not taken back.
  demand(open.state === IN_DOUBT, 'ALREADY_ACCEPTED');
  const record = { ...nextPlace(purse), paymentId: open.id };
  const added = append(purse, restoreCodec.encode(record), { evidence: command.evidence });
  const restored: Purse = {
    ...added.purse,
    balances: deposit(purse.balances, open.parts),
    open: purse.open.filter((each) => each !== open),
  };
  yield* commit(restored, [added.entry]);
  return { kind: 0 };
}

type Evidence =
  | ({ readonly kind: typeof RECORD.void } & Void)
  | ({ readonly kind: typeof RECORD.closure } & Closure);

function readEvidence(payload: Bytes): Evidence {
  const item = decodeCbor(payload);
  const kind: unknown = Array.isArray(item) ? item[0] : undefined;
  if (kind === RECORD.void) return { kind, ...voidRecord.decode(item, 'void') };
  if (kind === RECORD.closure) return { kind, ...closureCodec.decode(item, 'closure') };
  return reject('WRONG_KIND', 'a void or a closure is needed');
}

/** The open payment that a payee's void or the own issuer's closure releases. */
function* releasedOpen(purse: Purse, command: CommandOf<9>, context: Context): Steps<OpenPayment> {
  const signed = decodeSigned(command.evidence);
  const { kind, paymentId } = readEvidence(signed.payload);
  const certificate = decodePurseCertificate(command.certificate);
  if (kind === RECORD.void) {
    return yield* openByPayee(purse, context, { signed, certificate, paymentId });
  }
  // GUARD issuers-closure (rule 2): only the own issuer closes a payment.
  const role = ownIssuer(purse);
  const issuer = yield* authenticate(purse, context, { signed, certificate, role });
  // A closure makes money come back: a stolen issuing key must not sign one once it is revoked.
  demandStanding(purse, issuer);
  return findOpen(purse, paymentId);
}

/**
 * The open payment of which its payee speaks. Expiry and revocation of the payee do not matter: its
 * word only ever settles its own payment.
 */
function* openByPayee(
  purse: Purse,
  context: Context,
  message: {
    readonly signed: Signed;
    readonly certificate: PurseCertificate;
    readonly paymentId: Bytes;
  },
): Steps<OpenPayment> {
  const { certificate } = yield* authenticate(purse, context, { ...message, role: anyPurse });
  const open = findOpen(purse, message.paymentId);
  // GUARD payees-word (rule 4): only its payee gives a payment back.
  demand(equal(open.payee, certificate.ref), 'WRONG_PAYEE', 'it is not the payee who speaks');
  return open;
}

function findOpen(purse: Purse, paymentId: Bytes): OpenPayment {
  return purse.open.find(({ id }) => equal(id, paymentId)) ?? reject('NOT_OPEN');
}
