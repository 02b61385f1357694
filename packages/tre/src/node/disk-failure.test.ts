import { decodeEntry, decodeRecord, ES256, unwrap } from '@tallystick/protocol';
import type { Command, Status } from '@tallystick/trusted-app';
import { DAY, START, testScheme } from '@tallystick/trusted-app/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { openElement } from '../element.ts';
import { readChain } from '../conformance/chain.ts';
import { CHALLENGE, ExaminedPurse, statusText } from '../conformance/purse.ts';
import { TEST_IDENTITY } from '../testing/identity.ts';
import { type Fate, type Lies, ModelledDisk } from '../testing/modelled-folder.ts';
import { CHEAP_STRETCH } from '../testing/plain-specimen.ts';
import { PLAIN } from '../plain-process/index.ts';
import { hostIn } from './open.ts';

/** More changes to the disk than one command makes. */
const CHANGES_MAX = 40;
const SEEDS = 12;
const PAID = 7n;
const LATER = START + 30 * DAY;

const scheme = testScheme();
let payee: ExaminedPurse;

/** A command that the disk strikes, on a purse that is ready for it. */
interface Scene {
  readonly disk: ModelledDisk;
  /** What runs before it, undisturbed, in the same process. */
  readonly first: Command | null;
  readonly command: () => Promise<Command>;
  /** What it costs. */
  readonly amount: bigint;
}

const NAMES = ['paying', 'paying from a compacted log', 'compacting'] as const;
type SceneName = (typeof NAMES)[number];
let scenes: Readonly<Record<SceneName, Scene>>;

async function open(disk: ModelledDisk): Promise<ExaminedPurse> {
  const options = { clock: () => START, stretchCost: CHEAP_STRETCH, compactAboveBytes: 128 };
  const specimen = {
    open: async () => {
      const host = await hostIn(disk.folder(), PLAIN, options);
      return host.ok ? openElement(host.value, TEST_IDENTITY) : host;
    },
    dispose: () => Promise.resolve(),
  };
  const element = unwrap(await specimen.open());
  return new ExaminedPurse(specimen, scheme.participants[0], element);
}

async function personalise(purse: ExaminedPurse): Promise<void> {
  purse.certificate = purse.participant.certify(await purse.prepare());
  await purse.get(purse.personalisation(scheme, purse.certificate), 0);
}

async function paying(): Promise<Command> {
  return payee.paying(await payee.request(PAID, LATER), payee);
}

beforeAll(async () => {
  payee = await open(new ModelledDisk('payee'));
  await personalise(payee);
  const disk = new ModelledDisk();
  const payer = await open(disk);
  await personalise(payer);
  await payer.load(5_000n);
  await payer.sync(1, START + 60);
  await payer.element.close();

  // An answer that comes when the load is forgotten lets almost the whole log go.
  const stated = disk.clone('stated');
  const stating = await open(stated);
  const { id, to } = await stating.state();
  const { issuer } = stating.participant;
  const answer = stating.participant.answer(id, to, 2, START + 3 * DAY);
  const compact: Command = { kind: 12, answer, certificate: issuer.certificate };
  const compacting = (): Promise<Command> => Promise.resolve(compact);
  scenes = {
    paying: { disk, first: null, command: paying, amount: PAID },
    'paying from a compacted log': { disk: stated, first: compact, command: paying, amount: PAID },
    compacting: { disk: stated, first: null, command: compacting, amount: 0n },
  };
});

interface Ending {
  readonly disk: ModelledDisk;
  /** As the purse was when the disk could strike. */
  readonly before: Status;
  /** `done`: acknowledged; `refused`: with a code; `gone`: without an answer. */
  readonly outcome: 'done' | 'refused' | 'gone';
  readonly struck: boolean;
}

/** Plays a scene on a disk that strikes after so many changes. */
async function play(
  name: SceneName,
  seed: string,
  changes: number,
  fate: Fate,
  lies: Lies = {},
): Promise<Ending> {
  const { disk: prepared, first, command } = scenes[name];
  const disk = prepared.clone(`${seed} ${changes}`, lies);
  const payer = await open(disk);
  if (first !== null) await payer.get(first, 0);
  const before = await payer.status();
  const next = await command();
  disk.strike(changes, fate);
  const outcome = await payer.run(next).then(
    (result) => (result.ok ? 'done' : 'refused'),
    () => 'gone' as const,
  );
  const struck = !disk.isDue;
  disk.spare();
  const seen = await payer.run({ kind: 1 }).catch(() => null);
  // An element that still answers answers from the state that is stored.
  const inMemory = seen?.ok === true ? statusText(seen.value as Status) : null;
  expect(inMemory ?? (await storedOn(disk))).toBe(await storedOn(disk));
  return { disk, before, outcome, struck };
}

async function storedOn(disk: ModelledDisk): Promise<string> {
  return statusText(await (await open(disk)).status());
}

/** Whether the command was carried out: wholly or not at all, and its log says the same. */
async function isDone(name: SceneName, { disk, before }: Ending): Promise<boolean> {
  const { amount } = scenes[name];
  const payer = await open(disk);
  const status = await payer.status();
  const done = status.seq === before.seq + 1;
  expect([status.lock, status.seq]).toEqual([0, done ? before.seq + 1 : before.seq]);
  expect(status.balance).toBe(done ? before.balance - amount : before.balance);
  for (const { id } of status.open) {
    expect((await payer.get({ kind: 10, paymentId: id }, 1)).id).toEqual(id);
  }
  const log = await payer.element.readLog(1, status.seq + 1);
  const [oldest = new Uint8Array(0)] = log;
  const { seq, head } = decodeRecord(decodeEntry(oldest).record.payload);
  expect(readChain(log, seq, head).chain).toHaveLength(status.seq - seq + 1);
  // It goes on from there.
  await payer.get(await paying(), 1);
  return done;
}

describe('a disk that is full at any one change (TS-TRE-3)', () => {
  const refused = (count: number): unknown[] =>
    Array.from({ length: count }, () => ['refused', false]);
  // Log written and synced, state made, emptied, written and synced: all refuse cleanly. Once the
  // state is renamed only storage knows.
  const COMMIT = [...refused(6), ['gone', false], ['gone', true]];
  const ENDINGS: Record<SceneName, readonly unknown[]> = {
    paying: [...COMMIT, ['done', true]],
    'paying from a compacted log': [...COMMIT, ['done', true]],
    // A log that cannot be written anew stays as it is; one that is half renamed ends the element.
    compacting: [
      ...COMMIT,
      ...Array.from({ length: 4 }, () => ['done', true]),
      ['gone', true],
      ['gone', true],
      ['done', true],
    ],
  };

  it.each(NAMES)(
    '%s: it is refused and changes nothing, or the purse is found whole',
    async (name) => {
      const found: unknown[] = [];
      for (let changes = 0; changes < CHANGES_MAX; changes++) {
        const ending = await play(name, 'full', changes, 'full');
        found.push([ending.outcome, await isDone(name, ending)]);
        if (!ending.struck) break;
      }
      expect(found).toEqual(ENDINGS[name]);
    },
  );
});

describe('a power failure at any one change to the disk (INV-FINAL, INV-ONCE)', () => {
  /** Whether every purse was found whole, and every acknowledged command in it. */
  async function survives(name: SceneName, lies: Lies = {}): Promise<boolean> {
    for (let seed = 0; seed < SEEDS; seed++) {
      for (let changes = 0; changes < CHANGES_MAX; changes++) {
        const ending = await play(name, `power ${seed}`, changes, 'power', lies);
        if (!ending.struck) ending.disk.losePower();
        const done = await isDone(name, ending);
        if (ending.outcome === 'done' && !done) return false;
        if (!ending.struck) break;
      }
    }
    return true;
  }

  it.each(NAMES)('%s: leaves the purse whole', async (name) => {
    expect(await survives(name)).toBe(true);
  });

  it.each(NAMES)('%s: would not, if files were not synced', async (name) => {
    expect(await survives(name, { fileSync: true }).catch(() => false)).toBe(false);
  });

  it.each(NAMES)('%s: would not, if the folder was not synced', async (name) => {
    expect(await survives(name, { folderSync: true }).catch(() => false)).toBe(false);
  });

  it('leaves no state that speaks of a key which is gone', async () => {
    const prepare: Command = { kind: 2, alg: ES256, challenge: CHALLENGE, pin: null };
    let endings = 0;
    for (let seed = 0; seed < SEEDS; seed++) {
      for (let changes = 0; changes < CHANGES_MAX; changes++) {
        const disk = new ModelledDisk(`key ${seed} ${changes}`);
        const purse = await open(disk);
        disk.strike(changes, 'power');
        await purse.run(prepare).catch(() => undefined);
        const struck = !disk.isDue;
        disk.losePower();
        await personalise(await open(disk));
        endings += 1;
        if (!struck) break;
      }
    }
    expect(endings).toBeGreaterThan(SEEDS * 8);
  });
});

describe('a process that dies at any one change, and a power failure after it (INV-ONCE)', () => {
  it.each(NAMES)('%s: nobody acts on what the power failure takes back', async (name) => {
    const found: string[] = [];
    const kept: string[] = [];
    for (let seed = 0; seed < SEEDS; seed++) {
      for (let changes = 0; changes < CHANGES_MAX; changes++) {
        const { disk, struck } = await play(name, `death ${seed}`, changes, 'death');
        found.push(await storedOn(disk));
        disk.losePower();
        kept.push(await storedOn(disk));
        if (!struck) break;
      }
    }
    expect(kept).toEqual(found);
  });
});
