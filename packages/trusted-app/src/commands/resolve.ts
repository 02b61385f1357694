import {
  checkIssuerMessage,
  checkSignature,
  closure as closureCodec,
  decodeCbor,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  demand,
  equal,
  RECORD,
  receipt as receiptCodec,
  reject,
  restore as restoreCodec,
  voidRecord,
  type Bytes,
} from '@tallystick/protocol';
import { append, nextPlace } from '../append.ts';
import { deposit } from '../balance.ts';
import type { CommandOf } from '../command.ts';
import { checked, commit, type Steps } from '../effects.ts';
import type { OpenPayment, Purse } from '../purse.ts';
import type { Done } from '../reply.ts';
import { demandUnlocked } from '../rules.ts';
import { type Context, ownIssuer, trustedCertificate } from '../trust.ts';

/** Notes the payee's receipt: the payment is no longer in doubt (TS-RCP-2). */
export function* settle(purse: Purse, command: CommandOf<8>, context: Context): Steps<Done> {
  const signed = decodeSigned(command.receipt);
  const receipt = decodePayload(signed.payload, receiptCodec, 'receipt');
  const open = findOpen(purse, receipt.paymentId);
  yield* demandPayee(purse, open, signed.kid, command.certificate, context);
  yield* checked(checkSignature(signed, decodePurseCertificate(command.certificate).key));
  if (open.state === 1) return { kind: 0 };
  const settled = purse.open.map((each) => (each === open ? { ...each, state: 1 as const } : each));
  yield* commit({ ...purse, open: settled });
  return { kind: 0 };
}

/** Takes an open payment back: the sub-balances it came from get their parts again (TS-VOI-3). */
export function* restore(purse: Purse, command: CommandOf<9>, context: Context): Steps<Done> {
  demandUnlocked(purse);
  const open = yield* provenOpen(purse, command, context);
  demand(open.state === 0, 'ALREADY_ACCEPTED');
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

/** The open payment that a payee's void or the own issuer's closure releases. */
function* provenOpen(purse: Purse, command: CommandOf<9>, context: Context): Steps<OpenPayment> {
  const signed = decodeSigned(command.evidence);
  const item = decodeCbor(signed.payload);
  const kind: unknown = Array.isArray(item) ? item[0] : undefined;
  if (kind === RECORD.void) {
    const { paymentId } = voidRecord.decode(item, 'void');
    const open = findOpen(purse, paymentId);
    yield* demandPayee(purse, open, signed.kid, command.certificate, context);
    yield* checked(checkSignature(signed, decodePurseCertificate(command.certificate).key));
    return open;
  }
  if (kind !== RECORD.closure) return reject('WRONG_KIND', 'a void or a closure is needed');
  const issuer = yield* ownIssuer(purse, context, command.certificate);
  demand(equal(issuer.ref, signed.kid), 'UNKNOWN_CERTIFICATE');
  const closed = yield* checked(
    checkIssuerMessage(command.evidence, issuer, closureCodec, 'closure'),
  );
  return findOpen(purse, closed.paymentId);
}

function findOpen(purse: Purse, paymentId: Bytes): OpenPayment {
  return purse.open.find(({ id }) => equal(id, paymentId)) ?? reject('NOT_OPEN');
}

/** The certificate must be the very one the payment was addressed to, with a trusted chain. */
function* demandPayee(
  purse: Purse,
  open: OpenPayment,
  kid: Bytes,
  certificate: Bytes,
  context: Context,
): Steps<void> {
  demand(equal(kid, decodePurseCertificate(certificate).ref), 'UNKNOWN_CERTIFICATE');
  // The payee's own expiry does not matter: its word only ever settles its own payment.
  yield* trustedCertificate(purse, context, certificate, 0);
  demand(equal(open.payee, kid), 'WRONG_PAYEE');
}
