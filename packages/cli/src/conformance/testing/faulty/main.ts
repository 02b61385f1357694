import { loadCompiled } from '../../own/compile-cache.ts';

const [, , fault, cache] = process.argv;
const { serveFaulty } = await loadCompiled(cache, () => import('./run.ts'));
await serveFaulty(fault, process.stdin, process.stdout);
