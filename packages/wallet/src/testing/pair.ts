import {
  attempt,
  type Bytes,
  decodeEntry,
  decodeFrame,
  decodeRecord,
  type Frame,
  RECORD,
  recordId,
  toHex,
} from '@tallystick/protocol';
import type { WalletResult } from '../failure.ts';
import type { PaymentOutcome } from '../payments/payment-outcome.ts';
import type { Accepted } from '../session/accept.ts';
import type { Confirm } from '../session/holder.ts';
import type { Parts } from '../session/parts.ts';
import { answerDoubts, getPaid } from '../session/payee.ts';
import { pay, resolve } from '../session/payer.ts';
import { type FaultHook, memoryPair } from '../transport/index.ts';
import type { Device, Kept } from './device.ts';
import { balanceOf, EUR, statusOf, World } from './world.ts';

export const LOADED = 20_000n;

/** A holder who says yes to anything. */
export const yes: Confirm = async () => ({ approve: true });

export interface Tap {
  readonly paid: WalletResult<PaymentOutcome>;
  readonly received: WalletResult<Accepted>;
  /** What went over the link, as it was sent. */
  readonly frames: readonly Frame[];
  readonly bytes: readonly number[];
}

interface Snapshot {
  readonly world: World;
  readonly ada: Kept;
  readonly bo: Kept;
}

let snapshot: Promise<Snapshot> | null = null;

async function make(): Promise<Snapshot> {
  const world = new World();
  const ada = await world.device('ada', { load: LOADED });
  const bo = await world.device('bo', { participant: 1, subject: 'Bakery' });
  return { world, ada: ada.keep(), bo: bo.keep() };
}

/** Ada, who pays, and the bakery, which is paid: two devices as enrolled, each with its wallet. */
export class Pair {
  readonly world: World = new World();
  readonly ada: Device;
  readonly bo: Device;
  payer: Parts;
  payee: Parts;

  private constructor({ ada, bo }: Snapshot) {
    this.ada = this.world.revive('ada', ada);
    this.bo = this.world.revive('bo', bo);
    this.payer = this.world.parts(this.ada);
    this.payee = this.world.parts(this.bo);
  }

  static async fresh(): Promise<Pair> {
    snapshot ??= make();
    return new Pair(await snapshot);
  }

  /** Switches a device off and on, and starts its wallet anew. */
  restart(who: 'payer' | 'payee'): void {
    const device = who === 'payer' ? this.ada : this.bo;
    device.restart();
    this[who] = this.world.parts(device);
  }

  /** Runs a contact in which Ada is asked to pay. */
  async tap(
    amount: bigint | null,
    options: { readonly confirm?: Confirm; readonly fault?: FaultHook } = {},
  ): Promise<Tap> {
    const wire = tapped(options.fault);
    const both = Promise.all([
      pay(this.payer, wire.a, options.confirm ?? yes),
      getPaid(this.payee, wire.b, { currency: EUR, amount }),
    ]);
    const [paid, received] = await this.world.timer.run(both);
    return { paid, received, frames: wire.frames, bytes: wire.bytes };
  }

  /** Runs a contact in which Ada asks about one payment. */
  async resolve(
    id: Bytes,
    how: 'retry' | 'void',
    fault?: FaultHook,
  ): Promise<WalletResult<PaymentOutcome>> {
    const wire = tapped(fault);
    const both = Promise.all([
      resolve(this.payer, wire.a, id, how),
      answerDoubts(this.payee, wire.b),
    ]);
    return (await this.world.timer.run(both))[0];
  }

  /** Ids of Ada's payments that are in doubt. */
  async doubts(): Promise<readonly Bytes[]> {
    const { open } = await statusOf(this.ada);
    return open.filter(({ accepted }) => !accepted).map(({ id }) => id);
  }

  async balances(): Promise<readonly [ada: bigint, bo: bigint]> {
    return [await balanceOf(this.ada), await balanceOf(this.bo)];
  }

  /**
   * What both logs say about every payment Ada made. Each must end in exactly one way, and the money
   * must be where it ended (INV-TORN): returns what is wrong, in words.
   */
  async audit(): Promise<readonly string[]> {
    const [mine, theirs] = [await recordsOf(this.ada), await recordsOf(this.bo)];
    const accepted = idsIn(theirs, RECORD.receipt);
    const voided = idsIn(theirs, RECORD.void);
    const restored = idsIn(mine, RECORD.restore);
    const doubts = new Set((await this.doubts()).map(toHex));
    const wrong: string[] = [];
    let arrived = 0n;
    for (const { id, record } of mine) {
      if (record.kind !== RECORD.payment) continue;
      if (accepted.has(id)) arrived += record.value.amount;
      const ends = [accepted.has(id), restored.has(id)].filter(Boolean).length;
      if (ends > 1) wrong.push(`${id} was both accepted and restored`);
      if (accepted.has(id) && voided.has(id)) wrong.push(`${id} was both accepted and voided`);
      if (ends === 0 && !doubts.has(id)) wrong.push(`${id} is nowhere`);
    }
    const [ada, bo] = await this.balances();
    const inFlight = await this.#inFlight(accepted);
    if (bo !== arrived) wrong.push(`the payee has ${bo}, accepted ${arrived}`);
    if (ada + bo + inFlight !== LOADED) wrong.push(`${ada} + ${bo} + ${inFlight} is not ${LOADED}`);
    return wrong;
  }

  /** Debited, and not accepted yet, whatever Ada knows of it. */
  async #inFlight(accepted: ReadonlySet<string>): Promise<bigint> {
    const { open } = await statusOf(this.ada);
    const left = open.filter(({ id }) => !accepted.has(toHex(id)));
    return left.reduce((sum, { amount }) => sum + amount, 0n);
  }
}

/** A link that remembers what was sent over it. */
function tapped(fault: FaultHook = () => 'deliver'): ReturnType<typeof memoryPair> & {
  readonly frames: Frame[];
  readonly bytes: number[];
} {
  const frames: Frame[] = [];
  const bytes: number[] = [];
  const pair = memoryPair((frame, index, direction) => {
    const read = attempt(() => decodeFrame(frame));
    if (read.ok) frames.push(read.value);
    bytes.push(frame.length);
    return fault(frame, index, direction);
  });
  return { ...pair, frames, bytes };
}

async function recordsOf(
  device: Device,
): Promise<readonly { readonly id: string; readonly record: ReturnType<typeof decodeRecord> }[]> {
  const { seq } = await statusOf(device);
  return (await device.readLog(1, seq)).map((bytes) => {
    const { record } = decodeEntry(bytes);
    return { id: toHex(recordId(record)), record: decodeRecord(record.payload) };
  });
}

function idsIn(
  records: Awaited<ReturnType<typeof recordsOf>>,
  kind: typeof RECORD.receipt | typeof RECORD.void | typeof RECORD.restore,
): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { record } of records) {
    if (record.kind === kind) ids.add(toHex(record.paymentId));
  }
  return ids;
}
