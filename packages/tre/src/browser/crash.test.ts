import { setTimeout } from 'node:timers/promises';
import { testScheme } from '@tallystick/trusted-app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExaminedPurse } from '../conformance/purse.ts';
import { seededRandom } from '../memory/random.ts';
import type { AppPage } from '../testing/browser/app-page.ts';
import { skipChromium } from '../testing/browser/chromium.ts';
import { asIntruder, BrowserLab, purseOn, purseWith, type Where } from '../testing/browser/lab.ts';
import { Auditor, type Found } from '../testing/crash/auditor.ts';
import type { Line } from '../testing/crash/journal.ts';
import { Life } from '../testing/crash/life.ts';
import { Stranger } from '../testing/crash/stranger.ts';

/** Lives of two purses in one browser; more for a long run, by `CRASH_ROUNDS=200 CRASH_SEED=7`. */
const ROUNDS = Math.ceil(Number.parseInt(process.env.CRASH_ROUNDS ?? '9', 10) / 2);
const SEED = process.env.CRASH_SEED ?? 'crash';
/** A life is killed within its first commits, and this long after one of them has begun. */
const COMMITS_MAX = 12;
const AFTER_MS_MAX = 8;

const [participant, other] = testScheme().participants;
const random = seededRandom(`${SEED} in a browser`);
const below = (bound: number): number => (random(1)[0] ?? 0) % bound;

/** One purse in the browser, and all that is known of it outside. */
class Subject {
  readonly where: Where;
  readonly found: Found[] = [];
  readonly #auditor = new Auditor();
  #certificate = new Uint8Array(0);
  #journal: Line[] = [];

  constructor(where: Where) {
    this.where = where;
  }

  async begin(page: AppPage): Promise<void> {
    const purse = await purseWith(page, this.where, 0n);
    this.#certificate = new Uint8Array(purse.certificate);
    await purse.element.close();
  }

  async open(page: AppPage): Promise<ExaminedPurse> {
    const purse = await purseOn(page, this.where);
    purse.certificate = this.#certificate;
    return purse;
  }

  /** Lives until the browser is killed. */
  async live({ element }: ExaminedPurse, life: number): Promise<void> {
    const name = `${SEED} life ${life}`;
    const options = {
      element,
      participant,
      stranger: new Stranger(other, name),
      certificate: this.#certificate,
      life,
      random: seededRandom(name),
      write: (line: Line) => void this.#journal.push(line),
    };
    await new Life(options).live().catch(() => undefined);
  }

  /** Holds what a life left against everything that it said. */
  async inspect(purse: ExaminedPurse): Promise<void> {
    this.found.push(await this.#auditor.inspect(purse, this.#journal));
    this.#journal = [];
  }
}

let lab: BrowserLab;
const subjects = [
  new Subject({ purse: 'killed', isFramed: false }),
  new Subject({ purse: 'killed', isFramed: true }),
];

beforeAll(async () => {
  if (skipChromium) return;
  lab = await BrowserLab.start();
  const page = await lab.page();
  for (const subject of subjects) await subject.begin(page);
});

afterAll(async () => {
  if (!skipChromium) await lab.stop();
});

/** Opens both purses on what is there, and holds them to their word. */
async function inspectAll(page: AppPage): Promise<readonly ExaminedPurse[]> {
  const opened: ExaminedPurse[] = [];
  for (const subject of subjects) {
    const purse = await subject.open(page);
    await subject.inspect(purse);
    opened.push(purse);
  }
  return opened;
}

/** Resolves when the page and its element have begun so many commits from now on. */
async function commitsIn({ page }: AppPage, count: number): Promise<void> {
  const places = [page, ...page.workers()];
  for (const place of places) await lab.intrude(place);
  let begun = 0;
  while (begun < count) {
    const each = await Promise.all(places.map((place) => asIntruder(place, 'countCommits')));
    begun = each.reduce((sum, commits) => sum + commits, 0);
  }
}

describe.skipIf(skipChromium)('a browser', () => {
  it(
    `killed ${ROUNDS} times around commits keeps every word its purses gave (INV-FINAL, INV-ONCE)`,
    async () => {
      for (let life = 1; life <= ROUNDS; life++) {
        const page = await lab.page();
        const purses = await inspectAll(page);
        const moment = commitsIn(page, 1 + below(COMMITS_MAX));
        const lives = subjects.map((subject, index) => {
          const purse = purses[index];
          if (purse === undefined) throw new Error('a purse is missing');
          return subject.live(purse, life);
        });
        await moment;
        await setTimeout(below(AFTER_MS_MAX));
        await lab.chromium.kill();
        await Promise.all(lives);
        await lab.restart();
      }
      await inspectAll(await lab.page());
      for (const { where, found } of subjects) {
        const acknowledged = found.reduce((sum, each) => sum + each.acknowledged, 0);
        const inDoubt = found.reduce((sum, each) => sum + each.inDoubt, 0);
        expect(acknowledged).toBeGreaterThan(ROUNDS);
        process.stdout.write(
          `${where.isFramed ? 'virtual-se' : 'keys-only'} in a browser: ${ROUNDS} kills, seed ${SEED}: ` +
            `${acknowledged} replies held, ${inDoubt} payments nobody heard of\n`,
        );
      }
    },
    120_000 + ROUNDS * 30_000,
  );
});
