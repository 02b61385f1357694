export { DEFAULT_RATES, type FaultCounts, type FaultRates } from './faults.ts';
export type { Report } from './report.ts';
export { simulate, type SimulationOptions } from './simulate.ts';
export type { Violation } from './truth.ts';
