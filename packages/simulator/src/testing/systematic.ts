import { createNativeVerifier } from '@tallystick/backend';
import { describe, expect, it } from 'vitest';
import { createNativeSigner } from '../native-sign.ts';
import { rememberSignatures } from '../signatures.ts';
import { cutEverywhere, type Cutting, type Engine, type Trial } from '../systematic/enumerate.ts';
import { type Exchange, EXCHANGES } from '../systematic/exchanges.ts';
import { rememberVerdicts } from '../verdicts.ts';

const engine: Engine = {
  sign: rememberSignatures(createNativeSigner()),
  verify: rememberVerdicts(createNativeVerifier(1_000)),
};

export async function trialsOf(
  exchange: Exchange,
  cutting: Cutting,
  depth: number,
  parts: Partial<Engine> = {},
): Promise<Trial[]> {
  const trials: Trial[] = [];
  for await (const trial of cutEverywhere(exchange, cutting, depth, { ...engine, ...parts })) {
    trials.push(trial);
  }
  return trials;
}

/** Every exchange, cut at every point: the money is with one of the two, and both know. */
export function cutsEverything(cutting: Cutting, depth: number, trialsMin: number): void {
  const isMeant = ({ devices }: Exchange): boolean => cutting !== 'backend' || devices.length === 1;
  describe(`${cutting} cut at every point, ${depth} in a row (INV-TORN, INV-ONCE, INV-SUPPLY)`, () => {
    it.each(EXCHANGES.filter(isMeant))('$name', async (exchange) => {
      const trials = await trialsOf(exchange, cutting, depth);
      expect(trials.filter(({ violations }) => violations.length > 0)).toEqual([]);
      expect(trials.length).toBeGreaterThanOrEqual(trialsMin);
    });
  });
}
