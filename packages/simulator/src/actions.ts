import { type Frame, toHex } from '@tallystick/protocol';
import type { WalletResult } from '@tallystick/wallet';
import type { Agent } from './agent.ts';
import type { Fate } from './fate.ts';
import { simulatedLink, type Withheld } from './link.ts';
import type { World } from './world.ts';

/** Shortest time that a device whose power failed stays off, and how much longer it may be. */
const RESTART_MS = 1_000;
const RESTART_SPREAD_MS = 60_000;

/** What an action came to, in words. */
export type Outcome = string;

/** Runs a piece of agents' work: they are busy until it ends, and restart later if their power failed. */
export async function occupied(
  world: World,
  agents: readonly Agent[],
  fate: Fate,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  for (const agent of agents) {
    agent.isBusy = true;
    agent.fate = fate;
  }
  const outcome = await work();
  for (const agent of agents) {
    agent.isBusy = false;
    const delay = RESTART_MS + (world.schedule.now % RESTART_SPREAD_MS);
    if (!agent.element.isOn) world.schedule.after(delay, () => agent.restart());
  }
  return outcome;
}

/** How a contact differs from an honest one. */
export interface Contact {
  readonly despiteDoubt: boolean;
  /** Frames that the payer, and the payee, keeps to itself. */
  readonly withheld?: { readonly byPayer?: Withheld; readonly byPayee?: Withheld };
}

/** Two devices touch, and one pays the other. */
export async function tap(
  world: World,
  [payer, payee]: readonly [Agent, Agent],
  amount: bigint,
  { despiteDoubt, withheld }: Contact,
): Promise<WalletPaid> {
  const { a, b } = link(world, payer, payee, withheld);
  const approve = { approve: true, assertHolder: true, despiteDoubt };
  const [paid, got] = await Promise.all([
    payer.wallet.pay(a, () => Promise.resolve(approve)),
    payee.wallet.getPaid(b, { amount }),
  ]);
  world.note(paid);
  world.note(got);
  return paid;
}

export type WalletPaid = Awaited<ReturnType<Agent['wallet']['pay']>>;

/** Two devices touch, and the one asks the other about each of its payments in doubt. */
export async function ask(
  world: World,
  payer: Agent,
  payee: Agent,
  how: 'retry' | 'void',
): Promise<Outcome> {
  const pending = await payer.wallet.pending();
  if (!pending.ok) return said(pending);
  const outcomes: Outcome[] = [];
  for (const { paymentId, canAsk } of pending.value) {
    const of = world.truth.payments.get(toHex(paymentId))?.payee ?? '';
    if (!canAsk || world.truth.owner(of) !== payee.name) continue;
    const { a, b } = link(world, payer, payee);
    const [known] = await Promise.all([
      payer.wallet.resolve(a, paymentId, how),
      payee.wallet.answer(b),
    ]);
    world.note(known);
    outcomes.push(paidWords(known));
  }
  return outcomes.length === 0 ? 'nothing to ask about' : outcomes.join(', ');
}

/** What two devices that touch send each other their frames over. */
export function link(
  { schedule, counts, witnessed }: World,
  payer: Agent,
  payee: Agent,
  withheld: Contact['withheld'] = {},
): ReturnType<typeof simulatedLink> {
  const names = { a: payer.name, b: payee.name };
  return simulatedLink(schedule, payer.fate, counts, names, withheld, (frame) =>
    count(frame, witnessed),
  );
}

function count(frame: Frame, witnessed: World['witnessed']): void {
  if (frame.kind === 10 && frame.set.length > 0) witnessed.sets += 1;
  if (frame.kind === 11) witnessed.asked += 1;
  if (frame.kind === 12) witnessed.shown += 1;
}

/** Two devices meet without a payment, and tell each other what they know of others. */
export async function meet(world: World, visitor: Agent, host: Agent): Promise<Outcome> {
  const { a, b } = link(world, visitor, host);
  const [met] = await Promise.all([visitor.wallet.meet(a), host.wallet.answer(b)]);
  world.note(met);
  return said(met);
}

/** Joins a participant. */
export async function enrol(world: World, agent: Agent): Promise<Outcome> {
  const { participant, account } = agent;
  const enrolled = await agent.wallet.enrol({ participant, account });
  world.note(enrolled);
  agent.isEnrolled = enrolled.ok;
  return said(enrolled);
}

/** Draws money from the account. */
export async function load(world: World, agent: Agent, amount: bigint): Promise<Outcome> {
  const loaded = await agent.wallet.load(amount);
  world.note(loaded);
  return said(loaded);
}

/** Uploads the log, and takes in what comes back. */
export async function sync(world: World, agent: Agent): Promise<Outcome> {
  const synced = await agent.wallet.sync();
  world.note(synced);
  if (synced.ok) {
    world.syncs++;
    agent.isUpdateDue = synced.value.updateBy !== null;
  }
  return said(synced);
}

/** Pays money home: a part, or all of it. */
export async function redeem(world: World, agent: Agent, amount: bigint | null): Promise<Outcome> {
  const holder = { assertHolder: true };
  const { wallet } = agent;
  const redeemed = await (amount === null
    ? wallet.redeemAll(holder)
    : wallet.redeem(amount, holder));
  world.note(redeemed);
  return said(redeemed);
}

function said(result: WalletResult<unknown>): Outcome {
  return result.ok ? 'done' : (result.error.reason ?? result.error.code);
}

/** What the payer came to know. */
export function paidWords(paid: WalletPaid): Outcome {
  return paid.ok ? paid.value.state : (paid.error.reason ?? paid.error.code);
}
