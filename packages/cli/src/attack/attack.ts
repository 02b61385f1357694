import type { Arena } from './arena.ts';

/** What part of the design an attack is on. */
export type Group = 'state' | 'exchange' | 'reconciliation' | 'authority' | 'environment';

/** What the attacker can do, the weakest first (SECURITY.md). */
export type Attacker = 'network' | 'file' | 'app' | 'root';

/**
 * What became of it: refused, and nothing changed; done, and found out; done up to a bound; or done. Of the
 * environment, at that moment: what comes to light later is in the evidence.
 */
export type Outcome = 'prevented' | 'detected' | 'bounded' | 'succeeded';

/** What shows that an attack really ran, and what came of it. */
export interface Evidence {
  /** What was done, in a sentence. */
  readonly ran: string;
  /** SHA-256, in hex, of what the attacked purse said of itself; null where none is attacked, or none opens. */
  readonly before: string | null;
  readonly after: string | null;
  /** The code that it was refused with; those of several attempts in their order, with commas. */
  readonly refusal: string | null;
  /** How much is lost at most, when it comes to light, or what else a reader must know. */
  readonly remark: string | null;
}

export interface Finding {
  readonly outcome: Outcome;
  readonly evidence: Evidence;
}

/** An attack that the literature knows, and how it is carried out here. */
export interface Attack {
  /** Its name in the literature, in small letters. */
  readonly name: string;
  readonly group: Group;
  readonly attacker: Attacker;
  /** Where it is described. */
  readonly reference: string;
  /** What the attacker wants, in a sentence. */
  readonly aim: string;
  /** Names of the environments that it is something against; all of them by default. */
  readonly against?: readonly string[];
  /** Carries it out. Rejects where that is not possible: then there is no finding. */
  readonly run: (arena: Arena) => Promise<Finding>;
}

/**
 * Throws where a finding says more than its evidence: what is prevented was refused or has changed nothing, and was
 * tried.
 */
export function demandEvidence({ outcome, evidence }: Finding): void {
  const { ran, before, after, refusal, remark } = evidence;
  if (ran.length === 0) throw new Error('there is no evidence that it ran');
  const isUnchanged = before !== null && before === after;
  if (outcome === 'prevented' && refusal === null && !isUnchanged) {
    throw new Error('nothing refused it, and something changed');
  }
  if ((outcome === 'bounded' || outcome === 'detected') && remark === null) {
    throw new Error('there is no word on how much, or when');
  }
}
