import { sweep } from './testing/sweep.ts';

sweep(76, 100);
