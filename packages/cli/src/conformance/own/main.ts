import { loadCompiled } from './compile-cache.ts';

const { serveOwn } = await loadCompiled(process.argv[2], () => import('./run.ts'));
await serveOwn(process.stdin, process.stdout);
