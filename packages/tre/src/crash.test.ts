import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Bytes, type SignedImage, toHex, unwrap } from '@tallystick/protocol';
import { testScheme } from '@tallystick/trusted-app/testing';
import { describe, expect, it } from 'vitest';
import { ExaminedPurse } from './conformance/purse.ts';
import { seededRandom } from './memory/random.ts';
import { inDirectory } from './node/open.ts';
import type { KillAt, LifeArguments } from './testing/crash/arguments.ts';
import { Auditor, type Found } from './testing/crash/auditor.ts';
import { readLines } from './testing/crash/journal.ts';
import { TESTED, type TestedEnvironment } from './testing/environments.ts';
import { TEST_PUBLISHER, testImage } from './testing/image.ts';
import { CHEAP_STRETCH } from './testing/plain-specimen.ts';

/** Lives of one purse; more for a long run, by `CRASH_ROUNDS=2000 CRASH_SEED=7`. */
const ROUNDS = Number.parseInt(process.env.CRASH_ROUNDS ?? '9', 10);
const SEED = process.env.CRASH_SEED ?? 'crash';
/** Longer than a command takes, far shorter than a life. */
const KILL_MS_MAX = 60;
/** Changes to the disk in about ten commands. */
const CHANGES_MAX = 100;

const program = fileURLToPath(new URL('./testing/crash/main.ts', import.meta.url));
const scheme = testScheme();
const random = seededRandom(SEED);
const below = (bound: number): number => {
  const [high = 0, low = 0] = random(2);
  return ((high << 8) | low) % bound;
};

/** In turn: from outside at any moment, before any change to the disk, right after a state was renamed. */
function killAt(life: number, { keepsInFolder }: TestedEnvironment): KillAt | null {
  if (life % 3 === 0 || !keepsInFolder) return null;
  if (life % 3 === 1) return { point: 'change', after: below(CHANGES_MAX) };
  // The first sync belongs to opening.
  return { point: 'folder-sync', after: 1 + below(CHANGES_MAX / 5) };
}

/** A purse of one environment, and everything around it that outlives its processes. */
class Subject {
  readonly #environment: TestedEnvironment;
  readonly #folder: string;
  #certificate: Bytes = new Uint8Array(0);

  constructor(environment: TestedEnvironment, folder: string) {
    this.#environment = environment;
    this.#folder = folder;
  }

  get directory(): string {
    return join(this.#folder, 'purse');
  }

  /** Makes the purse. */
  async begin(): Promise<void> {
    await this.#withPurse(await testImage(), async (purse) => {
      purse.certificate = purse.participant.certify(await purse.prepare());
      await purse.get(purse.personalisation(scheme, purse.certificate), 0);
      this.#certificate = purse.certificate;
    });
  }

  async #withPurse<T>(
    image: SignedImage | null,
    work: (purse: ExaminedPurse) => Promise<T>,
  ): Promise<T> {
    const started = await this.#environment.start(this.#folder);
    const options = {
      clock: () => null,
      stretchCost: CHEAP_STRETCH,
      publisher: TEST_PUBLISHER,
      ...(image === null ? {} : { image }),
    };
    const specimen = {
      open: () => inDirectory(this.directory, (folder) => started.openIn(folder, options)),
      dispose: () => Promise.resolve(),
    };
    const [participant] = scheme.participants;
    const purse = new ExaminedPurse(specimen, participant, unwrap(await specimen.open()));
    purse.certificate = this.#certificate;
    try {
      return await work(purse);
    } finally {
      await purse.element.close();
      await started.stop();
    }
  }

  /** Lets the purse live in a process of its own, and kills that. */
  async liveAndDie(life: number): Promise<string> {
    const journal = join(this.#folder, `journal-${life}`);
    const given: LifeArguments = {
      environment: this.#environment.name,
      kept: this.#folder,
      directory: this.directory,
      journal,
      seed: SEED,
      life,
      certificate: toHex(this.#certificate),
      killAt: killAt(life, this.#environment),
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
    if (signal !== 'SIGKILL')
      throw new Error(`life ${life} ended by itself, with ${code ?? signal}`);
    return journal;
  }

  /** Opens what a life left, and holds it against everything that it said. */
  async inspect(auditor: Auditor, journal: string): Promise<Found> {
    // A life that ended while it was opened left nothing in writing.
    const text = await readFile(journal, 'utf8').catch(() => '');
    await rm(journal, { force: true });
    return this.#withPurse(null, (purse) => auditor.inspect(purse, readLines(text)));
  }
}

describe.each(TESTED)('$name', (environment) => {
  it.skipIf(environment.skip)(
    `a purse killed ${ROUNDS} times keeps every word it gave (INV-FINAL, INV-ONCE)`,
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'crash-'));
      const subject = new Subject(environment, folder);
      await subject.begin();
      const auditor = new Auditor();
      const found: Found[] = [];
      for (let life = 1; life <= ROUNDS; life++) {
        found.push(await subject.inspect(auditor, await subject.liveAndDie(life)));
      }
      const sum = (of: (each: Found) => number): number =>
        found.reduce((total, each) => total + of(each), 0);
      expect(sum(({ acknowledged }) => acknowledged)).toBeGreaterThan(ROUNDS);
      const names = await readdir(subject.directory);
      expect(names.filter((each) => /new|damaged/.test(each))).toEqual([]);
      process.stdout.write(
        `${environment.name}: ${ROUNDS} kills, seed ${SEED}: ` +
          `${sum(({ acknowledged }) => acknowledged)} replies held, ` +
          `${sum(({ inDoubt }) => inDoubt)} payments nobody heard of\n`,
      );
      await rm(folder, { recursive: true });
    },
    60_000 + ROUNDS * 5_000,
  );
});
