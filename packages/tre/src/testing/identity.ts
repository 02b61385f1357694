import type { Identity } from '@tallystick/trusted-app';
import { TEST_MEASUREMENT } from '@tallystick/trusted-app/testing';

/** Who the specimens of tests say they are. */
export const TEST_IDENTITY: Identity = { environment: 'test', measurement: TEST_MEASUREMENT };
