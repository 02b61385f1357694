import { type Algorithm, type Bytes, ES256, type Seconds, unwrap } from '@tallystick/protocol';
import { START, type TestScheme, testScheme } from '@tallystick/trusted-app/testing';
import type { Check, Offer, OpenFresh, Specimen } from './check.ts';
import { ExaminedPurse } from './purse.ts';

/** Where a check examines its specimens: a scheme of their own, and a clock to set. */
export class Bench {
  readonly scheme: TestScheme = testScheme();
  now: Seconds | null = START;
  readonly #openFresh: OpenFresh;
  readonly #specimens: Specimen[] = [];

  constructor(openFresh: OpenFresh) {
    this.#openFresh = openFresh;
  }

  /** An element that has no purse yet. */
  async blank(participant: 0 | 1 = 0): Promise<ExaminedPurse> {
    const specimen = await this.#openFresh({ clock: () => this.now });
    this.#specimens.push(specimen);
    const element = unwrap(await specimen.open());
    return new ExaminedPurse(specimen, this.scheme.participants[participant], element);
  }

  /** A purse without money. */
  async purse(
    options: {
      readonly participant?: 0 | 1;
      readonly alg?: Algorithm;
      readonly pin?: Bytes | null;
    } = {},
  ): Promise<ExaminedPurse> {
    const purse = await this.blank(options.participant);
    const key = await purse.prepare(options.alg ?? ES256, options.pin ?? null);
    purse.certificate = purse.participant.certify(key);
    await purse.get(purse.personalisation(this.scheme, purse.certificate), 0);
    return purse;
  }

  async dispose(): Promise<void> {
    for (const specimen of this.#specimens) await specimen.dispose();
  }
}

/** A check that works at a {@link Bench}. */
export function check(
  name: string,
  clause: string,
  needs: readonly Offer[],
  examine: (bench: Bench) => Promise<void>,
): Check {
  return {
    name,
    clause,
    needs,
    run: async (openFresh) => {
      const bench = new Bench(openFresh);
      try {
        await examine(bench);
      } finally {
        await bench.dispose();
      }
    },
  };
}
