import { decodePayload, decodeSigned, NO_EXTERNAL, toHex, voidRecord } from '@tallystick/protocol';
import { RECORD } from '@tallystick/protocol';
import type { Message } from '../store/messages.ts';
import type { Transaction } from '../store/port.ts';
import type { CertificateRow, PurseId, RecordId } from '../store/rows.ts';
import { absorb } from './absorb.ts';
import { readCarried, signedFact, unsignedOf } from './carried.ts';
import type { Context } from './context.ts';
import { readEntry } from './entries.ts';
import { lower, newPayeeHalf, newPayerHalf } from './halves.ts';
import { settleShard } from './settlement.ts';
import { giveSignatures } from './signatures.ts';
import { sideBySide } from './side-by-side.ts';
import { convict, convictedBy } from './standing.ts';
import { Work } from './work.ts';

/** One shard taking in messages of others, with what it read for them. */
interface Receiving {
  readonly work: Work;
  readonly tx: Transaction;
  readonly context: Context;
  readonly certificates: ReadonlyMap<string, CertificateRow>;
  readonly revocations: ReadonlyMap<string, number>;
}

type Of<K extends Message['kind']> = Extract<Message, { readonly kind: K }>;

/** Messages that are addressed to one purse, in the order they were sent in. */
export interface Post {
  readonly purse: PurseId;
  readonly messages: readonly Message[];
}

/**
 * Applies messages to the purses they are addressed to, in one transaction. Every message only adds
 * to what is known of a payment, so that repeating one, or any order between shards, ends the same.
 */
export async function receive(posts: readonly Post[], context: Context): Promise<void> {
  const { store } = context;
  const purses = posts.map(({ purse }) => purse);
  const own = Map.groupBy(await store.certificatesOf(purses), ({ purse }) => purse);
  await store.transaction(purses, async (tx) => {
    const works = await sideBySide(
      posts.map((post) => receiveOne(post, tx, context, own.get(post.purse) ?? [])),
    );
    await tx.write(...works.map((work) => work.changes()));
  });
}

async function receiveOne(
  { purse, messages }: Post,
  tx: Transaction,
  context: Context,
  own: readonly CertificateRow[],
): Promise<Work> {
  const row = await tx.purse(purse);
  if (row === null) throw new Error(`a message is addressed to ${purse}, which is no purse`);
  const work = new Work(row, own);
  const named = [...new Set(messages.flatMap(refsIn))];
  const payments = messages.flatMap((message) => ('payment' in message ? [message.payment] : []));
  const positions = messages.flatMap(positionsIn);
  const [others, revocations, snapshot] = await Promise.all([
    tx.certificates(named),
    tx.revocations(named),
    tx.read(purse, { payerHalves: payments, payeeHalves: payments, positions }),
  ]);
  work.learn(snapshot);
  const certificates = new Map([...own, ...others].map((each) => [each.ref, each]));
  const receiving = { work, tx, context, certificates, revocations };
  for (const message of messages) await apply(receiving, message);
  const wanted = messages.flatMap((each) => (each.kind === 'wanted' ? each.payment : []));
  await giveSignatures(work, tx, context, new Set(wanted));
  if (await reachesClaims(receiving, messages)) {
    await absorb(work, tx, context, { entries: [], statement: null });
  }
  await settleShard(work, tx, context, false);
  return work;
}

/** Certificates a message names whose rows its rule needs. */
function refsIn(message: Message): string[] {
  if (message.kind === 'expected') return [message.carried.kid];
  if (message.kind !== 'answered' || message.carried === null) return [];
  return [toHex(readCarried(message.carried).payee)];
}

/** Positions at which a message brings a signed record. */
function positionsIn(message: Message): number[] {
  if (message.kind === 'voided') return [readVoid(message).record.seq];
  if (message.kind !== 'answered' || message.carried === null) return [];
  return [readCarried(message.carried).seq];
}

async function apply(receiving: Receiving, message: Message): Promise<void> {
  const { work, tx, context } = receiving;
  switch (message.kind) {
    case 'answered':
      return applyAnswered(receiving, message);
    case 'expected':
      return applyExpected(receiving, message);
    case 'closed':
      return applyClosed(receiving, message);
    case 'voided':
      return applyVoided(work, message);
    case 'revoked':
      return applyRevoked(work, message);
    case 'wanted':
      // All of them at once, after the others.
      return;
    case 'proof': {
      if (work.purse.standing === 'culprit') return;
      const culprit = await convictedBy(message.proof, context);
      if (culprit !== null && work.ownRefs.has(toHex(culprit.ref))) {
        convict(work, message.proof, culprit, context);
      }
      return;
    }
    case 'listed':
      return applyListed(work, tx, message);
    default:
      throw new Error(`a message of kind ${message.kind} is addressed to a purse`);
  }
}

/** The payee brought a payment of this purse: it is debited, whether its own log shows it or not. */
function applyAnswered({ work, certificates }: Receiving, message: Of<'answered'>): void {
  const { carried, payment: id } = message;
  let half = work.payerHalves.get(id);
  if (half === undefined) {
    if (carried === null) throw new Error(`the answer to ${id} lacks the payment`);
    const payment = readCarried(carried);
    const payee = certificates.get(toHex(payment.payee));
    half = newPayerHalf(work.purse, { id, kid: carried.kid, payment }, payee);
  }
  if (carried?.signature != null) {
    const signed = { ...unsignedOf(carried), signature: carried.signature };
    work.addFact(signedFact(work.purse.id, signed, RECORD.payment, half.seq));
  }
  const { accepted, voided } = message;
  work.putPayer(
    { ...half, accepted: half.accepted || accepted, voided: half.voided || voided },
    null,
  );
}

function applyExpected(receiving: Receiving, { payment: id, carried }: Of<'expected'>): void {
  const { work, certificates, revocations } = receiving;
  if (work.payeeHalves.has(id)) return;
  const payer = certificates.get(carried.kid);
  if (payer === undefined) throw new Error(`the payer ${carried.kid} has no certificate here`);
  const of = { id, payment: readCarried(carried) };
  const revokedAt = revocations.get(payer.ref) ?? null;
  work.putPayee(newPayeeHalf(work.purse, work.ownRefs, of, payer, revokedAt), null);
}

function applyClosed({ work, context }: Receiving, { payment, closure }: Of<'closed'>): void {
  const half = halfOf(work.payerHalves, payment);
  if (half.closed) return;
  work.putPayer({ ...half, closed: true }, null);
  // A purse that pays itself has the decision in its own shard already.
  if (half.payeePurse === work.purse.id) return;
  work.decide({
    purse: work.purse.id,
    kind: 'closure',
    cause: payment,
    wire: closure,
    external: NO_EXTERNAL,
    time: context.now(),
    version: 0,
  });
}

function applyVoided(work: Work, message: Of<'voided'>): void {
  const { signed, record } = readVoid(message);
  work.addFact(signedFact(work.purse.id, signed, RECORD.void, record.seq));
  work.putPayee({ ...halfOf(work.payeeHalves, message.payment), voided: true }, null);
}

function readVoid(message: Of<'voided'>) {
  const signed = decodeSigned(message.record);
  return { signed, record: decodePayload(signed.payload, voidRecord, 'void') };
}

function applyRevoked(work: Work, { payment, version }: Of<'revoked'>): void {
  const half = work.payeeHalves.get(payment);
  // A payee that has not heard of the payment yet will find the revocation when it does.
  if (half?.addressed !== true) return;
  work.putPayee({ ...half, revokedAt: lower(half.revokedAt, version) }, null);
}

/** The purse is revoked: those whom it paid are told, to judge what they accepted and when. */
async function applyListed(
  work: Work,
  tx: Transaction,
  { version, reason }: Of<'listed'>,
): Promise<void> {
  if (work.purse.revokedAt !== null) return;
  work.purse = { ...work.purse, revokedAt: version, reason: work.purse.reason ?? reason };
  for (const { payeePurse, payment } of await tx.allPayerHalves(work.purse.id)) {
    if (payeePurse !== null) work.sendRevoked(payeePurse, payment, version);
  }
}

/** A payment that has become known may be what a waiting receipt or void rests on. */
async function reachesClaims(
  { work, tx }: Receiving,
  messages: readonly Message[],
): Promise<boolean> {
  const expected = new Set<RecordId>();
  for (const message of messages) if (message.kind === 'expected') expected.add(message.payment);
  if (expected.size === 0) return false;
  const { claims } = await tx.read(work.purse.id, { claims: true });
  return claims.some(({ entry }) => {
    const read = readEntry(entry, null);
    const payment = read.ok ? read.value.payment : null;
    return payment !== null && expected.has(payment);
  });
}

function halfOf<T>(halves: ReadonlyMap<RecordId, T>, payment: RecordId): T {
  const half = halves.get(payment);
  if (half === undefined) throw new Error(`a message came before the payment ${payment} itself`);
  return half;
}
