import { GENESIS, unwrap } from '@tallystick/protocol';
import type { Status } from '@tallystick/trusted-app';
import { START, testScheme } from '@tallystick/trusted-app/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { readChain } from '../conformance/chain.ts';
import { ExaminedPurse, statusText } from '../conformance/purse.ts';
import { type Fate, type Lies, ModelledDisk } from '../testing/modelled-folder.ts';
import { CHEAP_STRETCH } from '../testing/plain-specimen.ts';
import { TEST_IDENTITY } from '../testing/identity.ts';
import { openIn } from './open.ts';

/** More changes to the disk than one payment makes. */
const CHANGES_MAX = 30;
const SEEDS = 12;
const BALANCE = 5_000n;
const PAID = 7n;

const scheme = testScheme();
const prepared = new ModelledDisk();
let payee: ExaminedPurse;

async function open(disk: ModelledDisk): Promise<ExaminedPurse> {
  const options = { clock: () => START, stretchCost: CHEAP_STRETCH, compactAboveBytes: 128 };
  const specimen = {
    open: () => openIn(disk.folder(), TEST_IDENTITY.measurement, options),
    dispose: () => Promise.resolve(),
  };
  const element = unwrap(await specimen.open());
  return new ExaminedPurse(specimen, scheme.participants[0], element);
}

async function personalise(disk: ModelledDisk): Promise<ExaminedPurse> {
  const purse = await open(disk);
  purse.certificate = purse.participant.certify(await purse.prepare());
  await purse.get(purse.personalisation(scheme, purse.certificate), 0);
  return purse;
}

beforeAll(async () => {
  payee = await personalise(new ModelledDisk('payee'));
  const payer = await personalise(prepared);
  await payer.load(BALANCE);
  await payer.sync(1, START + 60);
  await payer.element.close();
});

interface Ending {
  /** `done`: acknowledged; `refused`: with a code; `gone`: without an answer. */
  readonly outcome: 'done' | 'refused' | 'gone';
  readonly struck: boolean;
}

/** Pays on a disk that strikes after so many changes. */
async function payOn(disk: ModelledDisk, changes: number, fate: Fate): Promise<Ending> {
  const payer = await open(disk);
  const request = await payee.request(PAID);
  disk.strike(changes, fate);
  const outcome = await payer.run(payer.paying(request, payee)).then(
    (result) => (result.ok ? 'done' : 'refused'),
    () => 'gone' as const,
  );
  const struck = !disk.isDue;
  disk.spare();
  const seen = await payer.run({ kind: 1 }).catch(() => null);
  // An element that still answers answers from the state that is stored.
  const inMemory = seen?.ok === true ? statusText(seen.value as Status) : null;
  expect(inMemory ?? (await storedOn(disk))).toBe(await storedOn(disk));
  return { outcome, struck };
}

async function storedOn(disk: ModelledDisk): Promise<string> {
  return statusText(await (await open(disk)).status());
}

/** The purse as it is found afterwards: it paid once or not at all, and its log says the same. */
async function paidOn(disk: ModelledDisk): Promise<boolean> {
  const payer = await open(disk);
  const status = await payer.status();
  expect(status.lock).toBe(0);
  const paid = status.open.length === 1;
  expect(status.balance).toBe(paid ? BALANCE - PAID : BALANCE);
  for (const { id } of status.open) {
    expect((await payer.get({ kind: 10, paymentId: id }, 1)).id).toEqual(id);
  }
  const log = await payer.element.readLog(1, status.seq + 1);
  expect(readChain(log, 1, GENESIS).chain).toHaveLength(status.seq);
  // It goes on from there.
  await payer.pay(await payee.request(1n), payee);
  return paid;
}

describe('a disk that is full at any one change (TS-TRE-3)', () => {
  it('refuses the payment and changes nothing, or the purse is found whole', async () => {
    const found: (readonly [outcome: string, paid: boolean])[] = [];
    for (let changes = 0; changes < CHANGES_MAX; changes++) {
      const disk = prepared.clone(`full ${changes}`);
      const { outcome, struck } = await payOn(disk, changes, 'full');
      found.push([outcome, await paidOn(disk)]);
      if (!struck) break;
    }
    // Log written and synced, state made, emptied, written and synced.
    const refused = Array.from({ length: 6 }, () => ['refused', false]);
    // Once the state is renamed only storage knows; then the disk has no more to do.
    expect(found).toEqual([...refused, ['gone', false], ['gone', true], ['done', true]]);
  });
});

describe('a power failure at any one change to the disk (INV-FINAL, INV-ONCE)', () => {
  /** Whether every purse was found whole, and every acknowledged payment in it. */
  async function survives(lies: Lies): Promise<boolean> {
    for (let seed = 0; seed < SEEDS; seed++) {
      for (let changes = 0; changes < CHANGES_MAX; changes++) {
        const disk = prepared.clone(`power ${seed} ${changes}`, lies);
        const { outcome, struck } = await payOn(disk, changes, 'power');
        if (!struck) disk.losePower();
        const paid = await paidOn(disk);
        if (outcome === 'done' && !paid) return false;
        if (!struck) break;
      }
    }
    return true;
  }

  it('leaves the purse whole', async () => {
    expect(await survives({})).toBe(true);
  });

  it('would not, if files were not synced', async () => {
    expect(await survives({ fileSync: true }).catch(() => false)).toBe(false);
  });

  it('would not, if the folder was not synced', async () => {
    expect(await survives({ folderSync: true }).catch(() => false)).toBe(false);
  });
});

describe('a process that dies at any one change, and a power failure after it (INV-ONCE)', () => {
  it('lets nobody act on what the power failure takes back', async () => {
    const found: string[] = [];
    const kept: string[] = [];
    for (let seed = 0; seed < SEEDS; seed++) {
      for (let changes = 0; changes < CHANGES_MAX; changes++) {
        const disk = prepared.clone(`death ${seed} ${changes}`);
        const { struck } = await payOn(disk, changes, 'death');
        found.push(await storedOn(disk));
        disk.losePower();
        kept.push(await storedOn(disk));
        if (!struck) break;
      }
    }
    expect(kept).toEqual(found);
  });
});
