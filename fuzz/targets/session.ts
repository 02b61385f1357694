import { type Bytes, type Cbor, decodeCbor, encodeCbor, Rejection } from '@tallystick/protocol';
import type { MemoryDisk } from '@tallystick/tre';
import { memoryPair, type Transport, type Wallet } from '@tallystick/wallet';
import { mustHold, type Target } from '../engine/target.ts';
import { checkChange, type Kept } from './books.ts';
import { BOUNDS } from './defaults.ts';
import { type Device, makeWorld } from './world.ts';

/** How the wallet under attack takes part in a contact. */
const ROLES: Readonly<Record<string, (wallet: Wallet, link: Transport) => Promise<unknown>>> = {
  'session-payer': (wallet, link) => wallet.pay(link, async () => ({ approve: true })),
  'session-payee': (wallet, link) => wallet.getPaid(link, { amount: 500n }),
  'session-answer': (wallet, link) => wallet.answer(link),
};
const FRAMES_MAX = 80;

/**
 * The wallet's sessions against a hostile device (TS-SES-1): the input is a CBOR array of frames, and
 * the wallet gets one after another, whatever it says. Wallet and trusted application are the real ones.
 */
export async function sessionTargets(): Promise<Target[]> {
  const world = await makeWorld();
  const [ada, bo] = [await world.device('ada'), await world.device('bo')];
  const before = [await frozen(ada), await frozen(bo)] as const;
  const recorded = await contact(ada, bo);
  // A second contact, cut before the receipt, leaves a payment in doubt to attack.
  const torn = await contact(ada, bo, 2);
  const doubtful = await frozen(ada);
  return [
    target('session-payer', before[0], [recorded.toPayer, torn.toPayer]),
    target('session-payee', before[1], [recorded.toPayee]),
    target('session-answer', await frozen(bo), [recorded.toPayee, torn.toPayee]),
    { ...target('session-payer', doubtful, [torn.toPayer]), name: 'session-doubt' },
  ];
}

interface Frozen {
  readonly device: Device;
  readonly disk: MemoryDisk;
  readonly store: ReadonlyMap<string, Bytes>;
}

async function frozen(device: Device): Promise<Frozen> {
  return { device, disk: device.keep(), store: await device.keepStore() };
}

interface Recorded {
  readonly toPayer: Bytes;
  readonly toPayee: Bytes;
}

/** A whole contact of two honest wallets, or one that is cut at a frame. */
async function contact(ada: Device, bo: Device, cutAt = 1_000): Promise<Recorded> {
  const frames: Record<string, Bytes[]> = { 'a-to-b': [], 'b-to-a': [] };
  const link = memoryPair((frame, index, direction) => {
    frames[direction]?.push(frame);
    return index >= cutAt ? 'cut' : 'deliver';
  });
  const payer = (await ada.wallet()).pay(link.a, async () => ({ approve: true }));
  const payee = (await bo.wallet()).getPaid(link.b, { amount: 500n });
  const paid = await payer;
  await link.a.close();
  await payee;
  mustHold(paid.ok, 'the recorded contact goes well');
  return {
    toPayer: encodeCbor(frames['b-to-a'] ?? []),
    toPayee: encodeCbor(frames['a-to-b'] ?? []),
  };
}

function target(name: string, { device, disk, store }: Frozen, seeds: readonly Bytes[]): Target {
  const act = ROLES[name];
  if (act === undefined) throw new RangeError(`no role ${name}`);
  return {
    ...BOUNDS,
    name,
    seeds: [...seeds, ...repeated(seeds)],
    memoryMax: 67_108_864,
    msMax: 2_000,
    run: async (input) => {
      await device.putBack(disk, store);
      await act(await device.wallet(), hostileLink(framesOf(input)));
      checkChange(kept(disk), kept(device.disk), false);
    },
  };
}

/** Each recorded contact with its frames twice: replays and floods. */
function repeated(seeds: readonly Bytes[]): Bytes[] {
  return seeds.map((seed) => {
    const frames = decodeCbor(seed, 1 << 20) as readonly Cbor[];
    return encodeCbor([...frames, ...frames]);
  });
}

function kept({ state, log }: MemoryDisk): Kept {
  return { stored: state, log };
}

/** Frames of an array of byte strings; anything else is one frame. */
function framesOf(input: Bytes): Bytes[] {
  try {
    const item = decodeCbor(input, 1 << 20);
    if (!Array.isArray(item)) return [input];
    const frames = (item as unknown[]).filter((each) => each instanceof Uint8Array);
    return frames.slice(0, FRAMES_MAX).map((frame) => new Uint8Array(frame));
  } catch (error) {
    if (error instanceof Rejection) return [input];
    throw error;
  }
}

/** Says what it has to say and hangs up. */
function hostileLink(frames: readonly Bytes[]): Transport {
  const left = [...frames];
  return {
    medium: 'link',
    send: async () => undefined,
    receive: async () => left.shift() ?? null,
    close: async () => undefined,
  };
}
