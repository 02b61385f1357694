import { randomBytes } from 'node:crypto';
import {
  type Bytes,
  decodeSigned,
  decodeUpload,
  LIMITS,
  recordId,
  toHex,
} from '@tallystick/protocol';
import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';
import { must } from './books.ts';
import type { Customer } from './customer.ts';
import { Flood, type Served } from './flood.ts';
import { MONEY, Scene } from './scene.ts';
import { forged, repeat, resalted, unproven } from './worthless.ts';

const FORGED = 400;
const GARBAGE = 400;
const UNPROVEN = 100;
/** What is made up beside each genuine statement: more in all than the office keeps of a purse. */
const ENTRIES = 4;
const RESALTED = 50;
/** Uploads of the greatest length: more than the office lets wait. */
const LARGE = 30;

/** More uploads than anybody reads in time, none of which says anything. */
export const QUEUE_FLOODING: Attack = {
  name: 'verification-queue flooding',
  group: 'reconciliation',
  attacker: 'app',
  reference: 'RFC 4732, Internet Denial-of-Service Considerations',
  aim: 'Keep honest purses from syncing, or fill the storage of the office, with what is worth nothing.',
  run: async (arena) => {
    const scene = await Scene.at(arena);
    const { books } = scene;
    const attacker = await scene.attacker({ amount: MONEY });
    const honest = await scene.other({ amount: MONEY });
    await honest.sync();
    await attacker.sync();
    const upload = await attacker.upload();
    const before = await books.hash();
    const small = await floodWithSmall(scene, upload, honest);
    const claims = await claimsOf(scene, attacker);
    const copies = await copiesOf(scene, upload);
    const large = await floodWithLarge(scene, honest);
    await books.demandBalance();
    const after = await books.hash();
    must(after === before, 'no money has moved');
    // What grows with every upload is bounded by nothing.
    return finding(copies < RESALTED ? 'bounded' : 'succeeded', {
      ran: `sent ${small.flood.sent} uploads at once, forged, garbage, or genuine statements with what nothing proves, then ${LARGE} of ${LIMITS.uploadBytes} bytes each; an honest purse synced behind either`,
      before,
      after,
      refusal: 'BUSY',
      remark: [
        `no money moved; ${small.flood.refused} uploads and ${small.flood.entries} entries were refused, and ${small.served.answered} uploads answered before the honest sync`,
        `${claims} entries that nothing proves are kept, which is the most`,
        `of ${RESALTED} copies of one statement's entry that differ in their salt, ${copies} are kept${copies < RESALTED ? '' : ', which nothing bounds'}`,
        `${large.busy} of the large ones were not even read, and the honest sync was served at its try ${large.served.tries}`,
        'nothing limits how often somebody sends',
      ].join('; '),
    });
  },
};

async function floodWithSmall(
  scene: Scene,
  upload: Bytes,
  honest: Customer,
): Promise<{ readonly flood: Flood; readonly served: Served }> {
  const waiting = await honest.upload();
  const flood = new Flood(scene);
  flood.send(repeat(FORGED, () => forged(upload)));
  flood.send(repeat(GARBAGE, () => randomBytes(upload.length)));
  flood.send(repeat(UNPROVEN, () => unproven(upload, ENTRIES)));
  flood.send(repeat(RESALTED, () => resalted(upload)));
  const served = await flood.until(waiting);
  await flood.end();
  must(flood.codes.get('BAD_SIGNATURE') === FORGED, 'what is forged is refused');
  must(flood.refused >= FORGED + GARBAGE, 'what is garbage is refused');
  must(flood.entries >= UNPROVEN * ENTRIES, 'every entry that was made up is refused');
  await honest.visit(waiting);
  return { flood, served };
}

async function floodWithLarge(
  scene: Scene,
  honest: Customer,
): Promise<{ readonly busy: number; readonly served: Served }> {
  const waiting = await honest.upload();
  const filling = randomBytes(LIMITS.uploadBytes);
  const flood = new Flood(scene);
  flood.send(repeat(LARGE, () => filling));
  const served = await flood.until(waiting);
  await flood.end();
  must(flood.refused === LARGE, 'nothing of what is large is taken in');
  const busy = flood.codes.get('BUSY') ?? 0;
  must(busy > 0, 'what does not fit is not kept');
  return { busy, served };
}

/** Entries of a purse that the office keeps because a statement may still cover them. */
async function claimsOf({ office }: Scene, { id }: Customer): Promise<number> {
  const read = await office.store.transaction([id], (tx) => tx.read(id, { claims: true }));
  return read.claims.length;
}

/** How often the office keeps the entry of an upload's statement. */
async function copiesOf({ office }: Scene, upload: Bytes): Promise<number> {
  const id = recordId(decodeSigned(decodeUpload(upload).statement));
  return (await office.store.reports.fact(toHex(id))).length;
}
