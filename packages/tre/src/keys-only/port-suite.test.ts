import { portSuite } from '../testing/port-suite.ts';
import { KEYS_ONLY } from './index.ts';

portSuite(KEYS_ONLY);
