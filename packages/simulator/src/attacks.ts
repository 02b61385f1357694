import { toHex } from '@tallystick/protocol';
import { encodeStored, type Purse } from '@tallystick/trusted-app';
import { link, occupied, type Outcome, paidWords, tap } from './actions.ts';
import type { Agent } from './agent.ts';
import type { Attack } from './deeds.ts';
import { calmFate, Fate } from './fate.ts';
import { PowerFailure } from './sim-element.ts';
import type { World } from './world.ts';

/** Frames by kind: payments and presentations; answers to them. */
const isPayment = (kind: number): boolean => kind === 2 || kind === 4;
const isAnswer = (kind: number): boolean => kind === 3 || kind === 5 || kind === 8;

/** What an attacker does with the storage and the keys of its own device, and to those it meets. */
export function attack(world: World, deed: Attack, agent: Agent, fate: Fate): Promise<Outcome> {
  switch (deed.do) {
    case 'copy-storage':
      agent.drawer = agent.element.storage;
      return done();
    case 'roll-back':
      return rollBack(world, agent);
    case 'clone':
      world.counts.clones++;
      copyDevice(world, agent, deed.as);
      return done();
    case 'take-load-twice':
      return takeLoadTwice(world, agent, deed);
    case 'forge':
      world.counts.keysExtracted++;
      forge(world, agent, (purse) => enriched(purse, deed.amount));
      return done();
    case 'accept-and-void':
      return withVictim(world, agent, deed.whom, fate, (payer) =>
        acceptAndVoid(world, payer, agent, deed.amount),
      );
    case 'omit-from-sync':
      return withVictim(world, agent, deed.whom, fate, (payer) =>
        omitFromSync(world, payer, agent, deed.amount),
      );
    case 'claim-twice':
      return occupied(world, [agent], fate, () => claimTwice(world, agent));
    case 'collude':
      return withVictim(world, agent, deed.whom, fate, (accomplice) =>
        collude(world, agent, accomplice, deed.amount),
      );
  }
}

const done = (outcome: Outcome = 'done'): Promise<Outcome> => Promise.resolve(outcome);

/** Most that anybody writes into a purse: what a purse may hold stays within its codec's bounds. */
const FORGED_MAX = 90_000n;

/** More money than the log has, and no memory of what was spent. */
function enriched(purse: Purse, amount: bigint): Purse {
  const [first = 0n, ...rest] = purse.balances;
  const more = first + amount > FORGED_MAX ? FORGED_MAX : first + amount;
  return {
    ...purse,
    balances: [more > first ? more : first, ...rest],
    spentTotal: 0n,
    spentCount: 0,
    syncedAt: purse.floor,
  };
}

/** Writes a state of the attacker's own making, which the real trusted application then goes on from. */
function forge(world: World, agent: Agent, edit: (purse: Purse) => Purse): void {
  const purse = world.truth.purse(agent.name);
  if (purse === null) return;
  const state = encodeStored(edit(purse));
  world.truth.rewritten(agent.name, state);
  agent.rollBack({ ...agent.element.storage, state });
}

function forgetting(purse: Purse, id: string): Purse {
  return { ...purse, answered: purse.answered.filter((each) => toHex(each.id) !== id) };
}

async function rollBack(world: World, agent: Agent): Promise<Outcome> {
  if (agent.drawer === null) return 'nothing kept';
  world.counts.rollbacks++;
  world.truth.rewritten(agent.name, agent.drawer.state);
  agent.rollBack(agent.drawer);
  agent.drawer = null;
  return 'done';
}

function copyDevice(world: World, agent: Agent, name: string): Agent {
  world.truth.cloned(agent.name, name);
  const { role, participant, account, random } = agent;
  return world.add({ name, role, participant, account, random: random.fork(name), cloneOf: agent });
}

async function takeLoadTwice(
  world: World,
  agent: Agent,
  { amount, as }: Extract<Attack, { do: 'take-load-twice' }>,
): Promise<Outcome> {
  // The reply of the load never reaches the device: its request waits in the wallet's storage.
  const deaf = new Fate(world.counts, (fault) => (fault === 'repliesLost' ? 0 : null));
  const outcome = await occupied(world, [agent], deaf, async () => {
    const loaded = await agent.wallet.load(amount);
    return loaded.ok ? 'done' : loaded.error.code;
  });
  if (outcome !== 'BACKEND_UNREACHABLE') return outcome;
  const twin = copyDevice(world, agent, as);
  const before = world.truth.loadsTakenTwice();
  await occupied(world, [agent, twin], calmFate(), async () => {
    for (const each of [agent, twin]) world.note(await each.wallet.sync());
    return 'done';
  });
  const taken = world.truth.loadsTakenTwice() - before;
  world.counts.loadsTakenTwice += taken;
  return taken > 0 ? 'both took it' : 'they did not both take it';
}

function withVictim(
  world: World,
  agent: Agent,
  whom: string,
  fate: Fate,
  work: (victim: Agent) => Promise<Outcome>,
): Promise<Outcome> {
  const victim = world.find(whom);
  if (victim === undefined || !victim.isReady) return done('not there');
  return occupied(world, [victim, agent], fate, () => work(victim));
}

/** Takes the money, keeps the receipt, wipes its replay memory, and signs a void for the same payment. */
async function acceptAndVoid(
  world: World,
  payer: Agent,
  liar: Agent,
  amount: bigint,
): Promise<Outcome> {
  const withheld = { byPayee: isAnswer };
  const paid = await tap(world, [payer, liar], amount, { despiteDoubt: true, withheld });
  if (!paid.ok || paid.value.state !== 'inDoubt') return paidWords(paid);
  const { paymentId } = paid.value;
  const isMine = world.truth.payments.get(toHex(paymentId))?.acceptedBy.has(liar.name) === true;
  if (!isMine || !payer.element.isOn || !liar.element.isOn) return 'nothing accepted';
  forge(world, liar, (purse) => forgetting(purse, toHex(paymentId)));
  const { a, b } = link(world, payer, liar);
  const [known] = await Promise.all([
    payer.wallet.resolve(a, paymentId, 'void'),
    liar.wallet.answer(b),
  ]);
  world.note(known);
  const lied = world.truth.payments.get(toHex(paymentId))?.voidedBy.has(liar.name) === true;
  if (lied) world.counts.acceptedAndVoided++;
  return paidWords(known);
}

/** Lets the payment never reach its log, and writes the amount into its purse all the same. */
async function omitFromSync(
  world: World,
  payer: Agent,
  liar: Agent,
  amount: bigint,
): Promise<Outcome> {
  const withheld = { byPayer: isPayment };
  const paid = await tap(world, [payer, liar], amount, { despiteDoubt: true, withheld });
  if (!paid.ok || paid.value.state !== 'inDoubt' || !liar.element.isOn) return paidWords(paid);
  forge(world, liar, (purse) => enriched(purse, amount));
  world.counts.omittedFromSync++;
  return 'kept off the books';
}

async function claimTwice(world: World, liar: Agent): Promise<Outcome> {
  const { lastReceipt } = liar.element;
  const answered = world.truth.purse(liar.name)?.answered.at(-1);
  if (lastReceipt === null || answered === undefined) return 'nothing to claim';
  const before = world.truth.receiptsOf(liar.name);
  forge(world, liar, (purse) => forgetting(purse, toHex(answered.id)));
  await liar.element.execute(lastReceipt).catch((error: unknown) => {
    if (!(error instanceof PowerFailure)) throw error;
  });
  if (world.truth.receiptsOf(liar.name) === before) return 'refused';
  world.counts.claimedTwice++;
  return 'done';
}

async function collude(
  world: World,
  payer: Agent,
  accomplice: Agent,
  amount: bigint,
): Promise<Outcome> {
  forge(world, payer, (purse) => enriched(purse, amount));
  forge(world, accomplice, (purse) => ({ ...purse, taken: [], bans: [] }));
  const paid = await tap(world, [payer, accomplice], amount, { despiteDoubt: true });
  if (paid.ok && paid.value.state === 'paid') world.counts.collusions++;
  return paidWords(paid);
}
