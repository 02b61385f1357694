import { appendFileSync } from 'node:fs';
import { fromHex, unwrap } from '@tallystick/protocol';
import { testScheme } from '@tallystick/trusted-app/testing';
import { seededRandom } from '../../memory/random.ts';
import { nodeFolder } from '../../node/folder.ts';
import { CHEAP_STRETCH } from '../plain-specimen.ts';
import { tested } from '../environments.ts';
import { TEST_PUBLISHER } from '../image.ts';
import { killingFolder } from './killing-folder.ts';
import { writeLine } from './journal.ts';
import { Life } from './life.ts';
import { Stranger } from './stranger.ts';
import type { LifeArguments } from './arguments.ts';

/** One life of a purse, in a process made to be killed. Its only argument is JSON. */
const given = JSON.parse(process.argv[2] ?? '') as LifeArguments;
const name = `${given.seed} life ${given.life}`;
const [participant, other] = testScheme().participants;

const folder = await nodeFolder(given.directory);
if (folder === null) throw new Error('the purse of a dead process is still locked');
const options = {
  clock: () => null,
  stretchCost: CHEAP_STRETCH,
  compactAboveBytes: 4_096,
  publisher: TEST_PUBLISHER,
};
const environment = await tested(given.environment).start(given.kept);
const element = unwrap(await environment.openIn(killingFolder(folder, given.killAt), options));
const life = new Life({
  element,
  participant,
  stranger: new Stranger(other, name),
  certificate: fromHex(given.certificate) ?? new Uint8Array(0),
  life: given.life,
  random: seededRandom(name),
  write: (line) => appendFileSync(given.journal, writeLine(line)),
});
process.stdout.write('alive\n');
await life.live();
await element.close();
await environment.stop();
