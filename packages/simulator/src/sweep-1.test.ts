import { sweep } from './testing/sweep.ts';

sweep(1, 25);
