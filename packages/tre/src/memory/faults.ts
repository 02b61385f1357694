/** Where the power fails, counted in effects from now. */
export interface PowerCut {
  /** Effects still carried out in full. */
  effectsLeft: number;
  /**
   * What happens to the effect after them. `before`: nothing of it; `torn`: a commit leaves its log
   * entries behind without the state, any other effect nothing; `after`: all of it, only its answer
   * is lost.
   */
  readonly at: 'before' | 'torn' | 'after';
}

/** Faults an environment is told to have. A test changes the fields as it goes. */
export interface Faults {
  /** Null leaves the power on, and is what it goes back to once it has failed. */
  powerCut: PowerCut | null;
  /** Commits to refuse from now on, as a full disk does. */
  commitsToRefuse: number;
}

/** Faults yet to be chosen. */
export function noFaults(): Faults {
  return { powerCut: null, commitsToRefuse: 0 };
}

/** Why an element is gone when its {@link Faults} cut the power. */
export class PowerFailure extends Error {
  constructor() {
    super('the power failed');
  }
}

/** Counts an effect against the power cut that is due; says how it ends when it is this one. */
export function cutNow(faults: Faults): PowerCut['at'] | null {
  const cut = faults.powerCut;
  if (cut === null) return null;
  if (cut.effectsLeft > 0) {
    cut.effectsLeft -= 1;
    return null;
  }
  faults.powerCut = null;
  return cut.at;
}
