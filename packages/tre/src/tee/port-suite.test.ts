import { portSuite } from '../testing/port-suite.ts';
import { TEE } from './index.ts';

portSuite(TEE);
