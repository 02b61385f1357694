import {
  amountField,
  blob,
  type Bytes,
  type Codec,
  err,
  LIMITS,
  type LoadReply,
  tuple,
} from '@tallystick/protocol';
import { failure, need, stop, type WalletFailure } from '../failure.ts';
import { Records } from '../pending-store.ts';
import type { Online } from './online.ts';
import { tierOf } from './policy-shelf.ts';

/** How long the backend may take to answer a load, in seconds; repeats of the same request included. */
const LOAD_SECONDS = 86_400;

interface PendingLoad {
  readonly request: Bytes;
  /** Minor units. */
  readonly amount: bigint;
}

const pendingLoad: Codec<PendingLoad> = tuple<PendingLoad>({
  request: blob(LIMITS.messageBytes),
  amount: amountField,
});

const ONLY = 'request';

/** Refusals of the purse that pass: the same payment may be accepted later. */
const PASSING: ReadonlySet<string> = new Set([
  'BUSY',
  'LOCKED',
  'NEEDS_SYNC',
  'STORAGE_FAILED',
  'TAMPERED',
  'ELEMENT_FAILED',
  'STORE_FAILED',
]);

/**
 * Moves money from the account into the purse (TS-PAY-12). The request is kept until the money is
 * in: after a lost reply the same request goes out again, and the issuer answers it with the same
 * payment. A load of the same amount that is still under way is finished instead of begun anew.
 *
 * Stops with OVER_BALANCE_CEILING before anything is asked for; with BACKEND_REFUSED when the backend
 * would not pay; with LOAD_GIVEN_UP when the purse could not accept (its `reason` says why): the
 * purse then promises never to accept it, and a sync after its last moment of acceptance returns the
 * money to the account.
 */
export async function load(online: Online, amount: bigint): Promise<void> {
  const earlier = await finishLoad(online);
  if (earlier === amount) return;
  await demandRoom(online, amount);
  const { currency } = await online.policies.need();
  const { floor } = need(await online.purse.status());
  const expires = Math.max(online.timer.now(), floor) + LOAD_SECONDS;
  const order = { currency, amount, expires, isStatic: false };
  const { message: request } = need(await online.purse.request(order));
  await records(online).put(ONLY, { request, amount });
  await finishLoad(online);
}

/** Finishes a load that is under way. Returns its amount, or null when there is none. */
export async function finishLoad(online: Online): Promise<bigint | null> {
  const pending = await records(online).get(ONLY);
  if (pending === null) return null;
  const reply = await online.backend.load(pending.request);
  if (!reply.ok && reply.error.code === 'BACKEND_REFUSED') await records(online).remove(ONLY);
  await take(online, pending, need(reply));
  await records(online).remove(ONLY);
  return pending.amount;
}

async function take(online: Online, { request }: PendingLoad, reply: LoadReply): Promise<void> {
  const offered = { payment: reply.payment, certificate: reply.issuer, request };
  const received = await online.purse.receive(offered, false);
  if (received.ok) return;
  const why = received.error;
  if (PASSING.has(why.code)) return stop(why);
  // Void or not, it is never asked for again. The void makes sure that it is never accepted either.
  const voided = await online.purse.voidPayment(offered);
  if (!voided.ok && PASSING.has(voided.error.code)) return stop(voided.error);
  await records(online).remove(ONLY);
  return stop(givenUp(why));
}

function givenUp(why: WalletFailure): WalletFailure {
  return failure('LOAD_GIVEN_UP', why.message, why.code);
}

async function demandRoom({ policies, purse }: Online, amount: bigint): Promise<void> {
  const { balance, certificate } = need(await purse.status());
  const tier = tierOf(await policies.need(), certificate);
  if (tier === null || balance + amount <= tier.balanceMax) return;
  need(err('OVER_BALANCE_CEILING', `it may hold ${tier.balanceMax} minor units`));
}

function records(online: Online): Records<PendingLoad> {
  return new Records(online.store, 'load/', pendingLoad);
}
