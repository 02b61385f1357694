import type { Scripted } from '../deeds.ts';
import type { Mishap } from '../fate.ts';
import type { Fault } from '../faults.ts';
import { type Cast, replay } from '../replay.ts';
import type { World } from '../world.ts';
import { type Act, ANA, BEN, type Exchange } from './exchanges.ts';

/** What cuts an exchange. Messages can be cut on their way, devices and the backend between two effects. */
export type Cutting = 'messages' | 'devices' | 'backend';

/** What the trials run on; signatures and verdicts may be remembered from one to the next. */
export type Engine = Pick<Cast, 'sign' | 'verify' | 'step'>;

/** One history with its cuts, and what the auditor says to it. */
export interface Trial {
  readonly exchange: string;
  readonly cuts: readonly Mishap[];
  readonly violations: readonly { readonly invariant: string; readonly detail: string }[];
}

/** Longer than any contact, any request and any restart takes. */
const BETWEEN_MS = 600_000;

/** Every kind of cut, at the places of one exchange. */
function placesOf(
  { deed, devices }: Exchange,
  cutting: Cutting,
): readonly Pick<Mishap, 'fault' | 'where'>[] {
  const at = (faults: readonly Fault[], where: string): Pick<Mishap, 'fault' | 'where'>[] =>
    faults.map((fault) => ({ fault, where }));
  if (cutting === 'devices') {
    return devices.flatMap((name) => at(['crashes', 'tornWrites', 'failedCommits'], name));
  }
  if (cutting === 'backend') {
    return devices.length > 1 ? [] : at(['backendCrashes', 'backendDisksFull'], 'backend');
  }
  return devices.length > 1
    ? devices.flatMap((name) => at(['linksCut', 'messagesLost'], `to ${name}`))
    : at(['requestsLost', 'repliesLost'], deed.who);
}

/**
 * Runs an exchange with every sequence of up to `depth` cuts in a row, at every message or between any
 * two effects: each place is tried until the exchange ends before it is reached. After the cuts nothing
 * goes wrong any more; then the money must be with exactly one of the two, and both must know.
 */
export async function* cutEverywhere(
  exchange: Exchange,
  cutting: Cutting,
  depth: number,
  engine: Engine,
): AsyncGenerator<Trial> {
  yield* cutAfter([]);

  async function* cutAfter(cuts: readonly Mishap[]): AsyncGenerator<Trial> {
    for (const { fault, where } of placesOf(exchange, cutting)) {
      for (let occasion = 0; ; occasion++) {
        const now = [...cuts, { fault, where, occasion, extent: 0 }];
        const { trial, hasStruck } = await attempt(exchange, now, engine);
        if (!hasStruck) break;
        yield trial;
        if (now.length < depth) yield* cutAfter(now);
      }
    }
  }
}

async function attempt(
  exchange: Exchange,
  cuts: readonly Mishap[],
  engine: Engine,
): Promise<{ trial: Trial; hasStruck: boolean }> {
  const { name, before, deed, again, resolve } = exchange;
  const torn = cuts.map(
    (cut, index): Act => ({ deed: index === 0 ? deed : again, mishaps: [cut] }),
  );
  const acts = [...before, ...torn, ...resolve.map((each): Act => ({ deed: each }))];
  const cast = { seed: 'systematic', wallets: 2, terminals: 0, attackers: 0, ...engine };
  const world = await replay(cast, scripted(acts), { beforeHome: judge });
  const hasStruck = world.history[before.length + cuts.length - 1]?.mishaps.length === 1;
  return { trial: { exchange: name, cuts, violations: world.violations }, hasStruck };
}

function scripted(acts: readonly Act[]): readonly Scripted[] {
  let at = 0;
  return acts.map(({ deed, mishaps = [], later = 0 }) => {
    at += BETWEEN_MS + later * 1_000;
    return { at, deed, mishaps };
  });
}

/** Once nothing goes wrong any more, both can find out, before anybody else has to be asked. */
function judge(world: World): void {
  for (const { id, payer, acceptedBy, restored, isUnload } of world.truth.payments.values()) {
    if (isUnload) continue;
    const isSomewhere = acceptedBy.size + restored === 1;
    if (!isSomewhere) world.violate('INV-TORN', `${id} is with ${acceptedBy.size + restored}`);
    if (payer === null && !acceptedBy.has(ANA)) world.violate('INV-TORN', `${id} was not taken`);
  }
  for (const name of [ANA, BEN]) {
    const inDoubt = (world.truth.purse(name)?.open ?? []).filter(({ state }) => state === 0);
    for (const { seq } of inDoubt) {
      world.violate('INV-TORN', `${name} does not know what became of its payment at ${seq}`);
    }
  }
}
