import { sweep } from './testing/sweep.ts';

sweep(26, 50);
