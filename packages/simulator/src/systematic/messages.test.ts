import { cutsEverything } from '../testing/systematic.ts';

cutsEverything('messages', 2, 12);
