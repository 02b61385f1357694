import {
  explain,
  type Report,
  simulate,
  type SimulationOptions,
  type Story,
} from '@tallystick/simulator';
import { nativeVerifier } from '@tallystick/tre/plain-process';
import { createNativeSigner } from '@tallystick/simulator/native-sign';

/** What every world of a run has in common; plain data, so that it reaches another thread. */
export type Plan = Pick<SimulationOptions, 'steps' | 'wallets' | 'terminals' | 'attackers'>;

/** A world that was run, and why it is violated, if it is. */
export interface Lived {
  readonly report: Report;
  readonly story: Story | null;
}

/** Told what is going on; throws when it is to end. */
type Watch = (doing: string) => void;

export type Live = (plan: Plan, seed: string, watch: Watch) => Promise<Lived>;

/** Keys that stay imported: those of every device, and room for renewals. */
const KEYS_MAX = 4_096;

/** Runs one world in this thread, and shrinks what it finds to a story. */
export const live: Live = async (plan, seed, watch) => {
  const verify = nativeVerifier(KEYS_MAX);
  const options: SimulationOptions = { ...plan, seed, verify, sign: createNativeSigner() };
  const onProgress = (step: number): void => watch(`step ${step} of ${plan.steps}`);
  const report = await simulate({ ...options, onProgress });
  if (report.violations.length === 0) return { report, story: null };
  const story = await explain({
    ...options,
    onAttempt: (attempts, deeds) => watch(`shrinking, attempt ${attempts}, ${deeds} deeds left`),
  });
  return { report, story };
};
