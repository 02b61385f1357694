import {
  attempt,
  type Bytes,
  checkSignature,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  encodeBody,
  loadReply,
  publicKey,
  type Request,
  request as requestCodec,
  requestDigest,
  type Signed,
  toHex,
} from '@tallystick/protocol';
import { accept, type Outcome, refuse } from '../outcome.ts';
import type { Movement } from '../rail/rail.ts';
import { recordLoad } from '../reconciliation/index.ts';
import type { CertificateRow, PurseRow } from '../store/rows.ts';
import { runOne } from '../verification/verifier.ts';
import type { Parts } from './parts.ts';

const INTENTS = 'load/intent/';
const RESUMED_AT_ONCE = 100;

/** A request that its purse has signed. */
interface Wish {
  readonly wire: Bytes;
  /** SHA-256 of the signed request, bytes and hex. */
  readonly digest: Bytes;
  readonly name: string;
  readonly request: Request;
  readonly amount: bigint;
  readonly certificate: CertificateRow;
  readonly purse: PurseRow;
}

/**
 * Loads a purse: takes the requested amount from its account and signs the payment (TS-PAY-12). The
 * same request gives the same payment, however often it comes.
 * Errors: decoding codes, UNKNOWN_CERTIFICATE, BAD_SIGNATURE, REVOKED, BAD_AMOUNT, WRONG_CURRENCY,
 * WRONG_REQUEST, REQUEST_EXPIRED, CERTIFICATE_EXPIRED, OVER_BALANCE_CEILING, INSUFFICIENT_FUNDS,
 * UNKNOWN_ACCOUNT.
 */
export async function load(parts: Parts, body: Bytes): Promise<Outcome<Bytes>> {
  const wish = await readWish(parts, body);
  if (!wish.ok) return wish;
  if (!(await isRecorded(parts, wish.value))) {
    const allowed = checkWish(parts, wish.value);
    if (!allowed.ok) return allowed;
  }
  const payment = await carryOut(parts, wish.value).catch((error: unknown) => {
    interrupted.add(parts);
    throw error;
  });
  return payment.ok ? accept(await reply(parts, payment.value)) : payment;
}

/** Backends that outlived a failure of their store in the middle of a load. */
const interrupted: WeakSet<Parts> = new WeakSet();

/**
 * Finishes loads that a failing store cut in two while the process lived on; an account that was
 * debited for nothing must not wait for the next start. What fails again is tried again later.
 */
export async function finishInterrupted(parts: Parts): Promise<void> {
  if (!interrupted.delete(parts)) return;
  await resumeLoads(parts).catch(() => interrupted.add(parts));
}

/** Finishes the loads that a crash interrupted. Returns how many there were. */
export async function resumeLoads(parts: Parts): Promise<number> {
  let resumed = 0;
  for (let after = ''; ; ) {
    const intents = await parts.store.exclusive(INTENTS, (documents) =>
      documents.list(INTENTS, after, RESUMED_AT_ONCE),
    );
    for (const { key, value } of intents) {
      const wish = await readWish(parts, value);
      if (wish.ok) await carryOut(parts, wish.value);
      after = key;
      resumed += 1;
    }
    if (intents.length < RESUMED_AT_ONCE) return resumed;
  }
}

async function readWish(parts: Parts, wire: Bytes): Promise<Outcome<Wish>> {
  const read = attempt(() => {
    const signed = decodeSigned(wire);
    return { signed, request: decodePayload(signed.payload, requestCodec, 'request') };
  });
  if (!read.ok) return read;
  const { signed, request } = read.value;
  const [certificate] = await parts.store.certificates([toHex(signed.kid)]);
  if (certificate === undefined) return refuse('UNKNOWN_CERTIFICATE');
  if (certificate.purse === null) return refuse('WRONG_ROLE', 'an issuing key loads no purse');
  const genuine = await runOne(checkKey(signed, certificate), parts.verifyMany);
  if (!genuine.ok) return genuine;
  const purse = await parts.store.reports.purse(certificate.purse);
  if (purse === null) return refuse('UNKNOWN_PURSE');
  if (request.amount === null) return refuse('BAD_AMOUNT', 'a load names its amount');
  const digest = requestDigest(wire);
  const wish = { wire, digest, name: toHex(digest), request, certificate, purse };
  return accept({ ...wish, amount: request.amount });
}

function checkKey(signed: Signed, certificate: CertificateRow): ReturnType<typeof checkSignature> {
  return checkSignature(signed, publicKey(certificate.alg, certificate.key));
}

/** Whether the load exists already: then neither time nor limits stand in the way of its bytes. */
async function isRecorded(parts: Parts, { purse, name }: Wish): Promise<boolean> {
  const { decisions } = await parts.store.transaction([purse.id], (tx) =>
    tx.read(purse.id, { loadsFor: [name] }),
  );
  return decisions.length > 0;
}

function checkWish({ authority, clock }: Parts, wish: Wish): Outcome<null> {
  const { request, certificate, purse, amount } = wish;
  const now = clock();
  if (now >= certificate.expires) return refuse('CERTIFICATE_EXPIRED', 'renew it first');
  const isBarred = purse.revokedAt !== null || purse.horizon !== null;
  if (isBarred || purse.standing === 'culprit') return refuse('REVOKED');
  if (request.isStatic) return refuse('WRONG_REQUEST', 'a static code asks for nothing by itself');
  if (request.currency !== purse.currency) return refuse('WRONG_CURRENCY');
  if (now > request.expires) return refuse('REQUEST_EXPIRED');
  const { profile } = decodePurseCertificate(certificate.wire);
  const { tiers } = authority.policy.value;
  const tier = tiers.find((each) => each.tier === profile.tier);
  if (tier === undefined || amount > tier.balanceMax) return refuse('OVER_BALANCE_CEILING');
  return accept(null);
}

/**
 * Debits the account and records the load. The intent outlives a crash between the two; each of
 * them has its effect once.
 */
async function carryOut(parts: Parts, wish: Wish): Promise<Outcome<Bytes>> {
  const { rail, context, scheme } = parts;
  const { purse, certificate, digest, amount } = wish;
  const place = `${INTENTS}${wish.name}`;
  await parts.store.exclusive(place, (documents) => documents.put(place, wish.wire));
  const movement: Movement = {
    key: `load:${wish.name}`,
    participant: purse.participant,
    account: purse.account,
    currency: purse.currency,
    amount,
  };
  const debited = await rail.debit(movement);
  const order = {
    purse: purse.id,
    payee: certificate.ref,
    requestDigest: digest,
    amount,
    acceptMinutes: scheme.acceptMinutes,
  };
  const recorded = debited.ok ? await recordLoad(order, context) : debited;
  if (debited.ok && !recorded.ok) await giveBack(parts, movement);
  await parts.store.exclusive(place, (documents) => documents.delete(place));
  return recorded;
}

/** A purse that was revoked after its account was debited: refused for good, so given back once. */
async function giveBack({ rail }: Parts, movement: Movement): Promise<void> {
  const credited = await rail.credit({ ...movement, key: `back:${movement.key}` });
  if (!credited.ok) throw new Error(`the rail refused a return: ${credited.error.message}`);
}

async function reply(parts: Parts, payment: Bytes): Promise<Bytes> {
  const [issuer] = await parts.store.certificates([toHex(decodeSigned(payment).kid)]);
  if (issuer === undefined) throw new Error('a load was signed by a key that is not registered');
  return encodeBody(loadReply, { payment, issuer: issuer.wire });
}
