import { elementFaults } from './element-faults.ts';
import type { Fault } from './fault.ts';
import { hostFaults } from './host-faults.ts';
import { purseFaults } from './purse-faults.ts';
import { servantFaults } from './servant-faults.ts';

/** Every way in which the own wallet is broken to see that the runner notices. */
export const FAULTS: readonly Fault[] = [
  ...hostFaults,
  ...purseFaults,
  ...elementFaults,
  ...servantFaults,
];
