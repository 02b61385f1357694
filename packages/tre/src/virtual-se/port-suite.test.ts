import { portSuite } from '../testing/port-suite.ts';
import { VIRTUAL_SE } from './index.ts';

portSuite(VIRTUAL_SE);
