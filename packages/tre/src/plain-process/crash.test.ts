import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { toHex, unwrap } from '@tallystick/protocol';
import { testScheme } from '@tallystick/trusted-app/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ExaminedPurse } from '../conformance/purse.ts';
import { seededRandom } from '../memory/random.ts';
import type { KillAt, LifeArguments } from '../testing/crash/arguments.ts';
import { Auditor, type Found } from '../testing/crash/auditor.ts';
import { readLines } from '../testing/crash/journal.ts';
import { TEST_PUBLISHER, testImage } from '../testing/image.ts';
import { CHEAP_STRETCH } from '../testing/plain-specimen.ts';
import { openPlainProcess } from './index.ts';

/** Lives of one purse; more for a long run, by `CRASH_ROUNDS=2000 CRASH_SEED=7`. */
const ROUNDS = Number.parseInt(process.env.CRASH_ROUNDS ?? '24', 10);
const SEED = process.env.CRASH_SEED ?? 'crash';
/** Longer than a command takes, far shorter than a life. */
const KILL_MS_MAX = 60;
/** Changes to the disk in about ten commands. */
const CHANGES_MAX = 100;

const program = fileURLToPath(new URL('../testing/crash/main.ts', import.meta.url));
const scheme = testScheme();
const random = seededRandom(SEED);
let folder = '';
let purse: ExaminedPurse;

const below = (bound: number): number => {
  const [high = 0, low = 0] = random(2);
  return ((high << 8) | low) % bound;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crash-'));
  const directory = join(folder, 'purse');
  const image = await testImage();
  const options = { clock: () => null, stretchCost: CHEAP_STRETCH, publisher: TEST_PUBLISHER };
  const specimen = {
    open: () => openPlainProcess({ directory, image, ...options }),
    dispose: () => Promise.resolve(),
  };
  const [participant] = scheme.participants;
  purse = new ExaminedPurse(specimen, participant, unwrap(await specimen.open()));
  purse.certificate = participant.certify(await purse.prepare());
  await purse.get(purse.personalisation(scheme, purse.certificate), 0);
  await purse.element.close();
});

afterAll(() => rm(folder, { recursive: true }));

/** In turn: from outside at any moment, before any change to the disk, right after a state was renamed. */
function killAt(life: number): KillAt | null {
  if (life % 3 === 0) return null;
  if (life % 3 === 1) return { point: 'change', after: below(CHANGES_MAX) };
  // The first sync belongs to opening.
  return { point: 'folder-sync', after: 1 + below(CHANGES_MAX / 5) };
}

/** Lets the purse live in a process of its own, and kills that. */
async function liveAndDie(life: number): Promise<string> {
  const journal = join(folder, `journal-${life}`);
  const given: LifeArguments = {
    directory: join(folder, 'purse'),
    journal,
    seed: SEED,
    life,
    certificate: toHex(purse.certificate),
    killAt: killAt(life),
  };
  const killMs = below(KILL_MS_MAX);
  const child = spawn(process.execPath, [program, JSON.stringify(given)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  if (given.killAt === null) {
    await Promise.race([once(child.stdout, 'data'), ended]);
    await setTimeout(killMs);
    child.kill('SIGKILL');
  }
  const [code, signal] = await ended;
  expect([life, code, signal]).toEqual([life, null, 'SIGKILL']);
  return journal;
}

/** Opens what a life left, and holds it against everything that it said. */
async function inspect(auditor: Auditor, journal: string): Promise<Found> {
  // A life that ended while it was opened left nothing in writing.
  const text = await readFile(journal, 'utf8').catch(() => '');
  await rm(journal, { force: true });
  await purse.open();
  try {
    return await auditor.inspect(purse, readLines(text));
  } finally {
    await purse.element.close();
  }
}

it(
  `a purse killed ${ROUNDS} times keeps every word it gave (INV-FINAL, INV-ONCE)`,
  async () => {
    const auditor = new Auditor();
    const found: Found[] = [];
    for (let life = 1; life <= ROUNDS; life++) {
      found.push(await inspect(auditor, await liveAndDie(life)));
    }
    const sum = (of: (each: Found) => number): number =>
      found.reduce((total, each) => total + of(each), 0);
    expect(sum(({ acknowledged }) => acknowledged)).toBeGreaterThan(ROUNDS);
    const names = await readdir(join(folder, 'purse'));
    expect(names.filter((name) => /new|damaged/.test(name))).toEqual([]);
    process.stdout.write(
      `${ROUNDS} kills, seed ${SEED}: ${sum(({ acknowledged }) => acknowledged)} replies held, ` +
        `${sum(({ inDoubt }) => inDoubt)} payments nobody heard of\n`,
    );
  },
  60_000 + ROUNDS * 5_000,
);
