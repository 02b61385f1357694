import { cutsEverything } from '../testing/systematic.ts';

cutsEverything('backend', 1, 20);
