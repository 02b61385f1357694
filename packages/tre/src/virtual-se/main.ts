/** A virtual secure element in a process of its own. */
import { runElement } from '../isolated/serve.ts';
import { virtualSecureElement } from './inside.ts';

await runElement(async () => virtualSecureElement);
