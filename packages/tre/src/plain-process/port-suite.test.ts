import { portSuite } from '../testing/port-suite.ts';
import { PLAIN_PROCESS } from './index.ts';

portSuite(PLAIN_PROCESS);
