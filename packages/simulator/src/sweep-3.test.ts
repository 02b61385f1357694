import { sweep } from './testing/sweep.ts';

sweep(51, 75);
