import { portSuite } from '../testing/port-suite.ts';
import { SMARTCARD } from './index.ts';

portSuite(SMARTCARD);
