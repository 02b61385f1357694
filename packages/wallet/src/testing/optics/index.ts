export { shownFrames } from './frames.ts';
export { startReader } from './machine.ts';
export { measureOptics, ratesUnder } from './measure.ts';
export type { Counted, OpticalRun } from './run.ts';
export { HASTY, SMALL } from './view.ts';
