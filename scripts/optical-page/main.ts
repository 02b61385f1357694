/** Writes the page of how codes are read (`npm run optical`): measures all of it anew. */
import { writeFileSync } from 'node:fs';
import { measureOptics } from '@tallystick/wallet/testing/optics';
import { opticalPage } from './page.ts';

const VIEWS = 24;

const run = await measureOptics({
  views: VIEWS,
  nowMs: () => performance.now(),
  begin: (what) => console.log(what),
});
const docs = new URL('../../docs/', import.meta.url);
writeFileSync(new URL('optical.json', docs), `${JSON.stringify(run, null, 2)}\n`);
writeFileSync(new URL('optical.md', docs), opticalPage(run));
console.log('docs/optical.{json,md} are written');
