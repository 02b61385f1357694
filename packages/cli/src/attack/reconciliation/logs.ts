import {
  answer as answerCodec,
  type Bytes,
  decodePayload,
  decodeReply,
  decodeSigned,
  decodeUpload,
  decodeEntry,
  decodeRecord,
  encodeEntry,
  encodeUpload,
  type Result,
} from '@tallystick/protocol';
import { valueOf } from '../../bench/office.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';
import { must } from './books.ts';
import { keepCopy, MONEY, rollBack, Scene } from './scene.ts';

const PRICE = MONEY / 4n;

/** A log with a hole in it. */
export const OMITTED_PAYMENTS: Attack = {
  name: 'omitted payments',
  group: 'reconciliation',
  attacker: 'app',
  reference: 'Schneier and Kelsey, Secure Audit Logs to Support Computer Forensics (TISSEC 1999)',
  aim: 'Cash in with a log that leaves a payment out.',
  run: async (arena) => {
    const scene = await Scene.at(arena);
    const { books, office } = scene;
    const payer = await scene.attacker({ amount: MONEY });
    const [hidden, shown] = [await scene.other(), await scene.other()];
    await payer.sync();
    const { seq } = await payer.status();
    const before = await books.hash();
    await payer.payInFull(hidden, PRICE);
    await payer.payInFull(shown, PRICE);
    await payer.unload(MONEY - 2n * PRICE);

    const { statement, entries } = decodeUpload(await payer.upload());
    const kept = entries.filter((entry) => positionOf(entry) !== seq + 1);
    must(kept.length === entries.length - 1, 'one entry is left out');
    const body = encodeUpload({ statement, entries: kept, proofs: [] });
    const { answer } = decodeReply(valueOf(await office.backend.sync(body)));
    const { ackedTo } = decodePayload(decodeSigned(answer).payload, answerCodec, 'answer');
    must(ackedTo <= seq, 'nothing beyond the hole is acknowledged');
    must((await books.saved(payer)) === 0n, 'nothing is paid out on a log with a hole');
    for (const payee of [shown, hidden]) {
      await payee.redeem(PRICE);
      must((await books.saved(payee)) === PRICE, 'a payee is paid');
    }
    must((await books.saved(payer)) === 0n, 'nothing is paid out on it later either');
    must((await books.holds(payer)) === 0n, 'what was left out is debited all the same');
    await books.demandBalance();
    return finding('detected', {
      ran: 'paid two, unloaded the rest, and brought in the log without the entry of the first payment',
      before,
      after: await books.hash(),
      remark:
        'at once: the answer acknowledges nothing beyond the hole, and the unload is held; the payee that was left out is paid and the payer debited; a hole is no fork, so nobody is revoked',
    });
  },
};

function positionOf(entry: Bytes): number {
  return decodeRecord(decodeEntry(entry).record.payload).seq;
}

/** Two branches of one log, of which the books are to see one. */
export const HIDDEN_BRANCH: Attack = {
  name: 'hidden branch',
  group: 'reconciliation',
  attacker: 'file',
  reference:
    'Mazières and Shasha, Building Secure File Systems out of Byzantine Storage (PODC 2002)',
  aim: 'Cash in on an older branch of the log, and never show the branch with the payment.',
  run: async (arena) => {
    const scene = await Scene.at(arena);
    const { books } = scene;
    const payer = await scene.attacker({ amount: MONEY });
    const payee = await scene.other();
    await payer.sync();
    const putBack = await keepCopy(arena, payer);
    await payer.payInFull(payee, MONEY);
    const next = 'cashed in all of its money there';
    const attempt = (): Promise<Result<unknown>> => payer.tryToUnload(MONEY);
    const nothing = await rollBack(payer, putBack, { ran: 'paid', next, attempt });
    if (nothing !== null) return nothing;

    const before = await books.hash();
    await payer.redeem(MONEY);
    must((await books.saved(payer)) === MONEY, 'the older branch is believed for now');
    await payee.redeem(MONEY);
    must((await books.saved(payee)) === MONEY, 'the payee is paid');
    const proven = await books.demandConvicted(payer);
    const loss = await books.lossAt(payer);
    return finding('detected', {
      ran: `paid, put an old copy of the purse back, and ${next}`,
      before,
      after: await books.hash(),
      remark: `when the payee syncs: ${proven}; ${loss} lost, which its holder owes; the payee is paid`,
    });
  },
};

/** What no signature covers, changed on the way. */
export const ALTERED_UPLOAD: Attack = {
  name: 'altered upload',
  group: 'reconciliation',
  attacker: 'network',
  reference:
    'Dolev and Yao, On the Security of Public Key Protocols (IEEE Trans. Inf. Theory 1983)',
  aim: 'Break the log of an honest purse at the backend for good, by changing an upload that it sends.',
  run: async (arena) => {
    const scene = await Scene.at(arena);
    const { books, office } = scene;
    const victim = await scene.attacker({ amount: MONEY });
    const payer = await scene.other({ amount: PRICE });
    await payer.payInFull(victim, PRICE);
    const upload = await victim.upload();
    const before = await victim.hash();
    const { statement, entries, proofs } = decodeUpload(upload);
    const changed = entries.map((each, at) => (at === entries.length - 1 ? resalted(each) : each));
    const altered = encodeUpload({ statement, entries: changed, proofs });
    valueOf(await office.backend.sync(altered));
    const after = await victim.hash();

    // What was changed is brought again, and the log goes on: all of its money comes home.
    await victim.visit(upload);
    await victim.redeem(MONEY + PRICE);
    must((await books.saved(victim)) === MONEY + PRICE, 'all of the money comes home');
    must((await books.holds(victim)) === 0n, 'nothing stays behind');
    await books.demandBalance();
    return finding('prevented', {
      ran: 'changed the salt of the last entry of an upload on its way, which no signature covers; the purse brought its log in all the same',
      before,
      after,
    });
  },
};

function resalted(entry: Bytes): Bytes {
  const { record, salt, evidence } = decodeEntry(entry);
  return encodeEntry({ record, salt: salt.with(0, (salt[0] ?? 0) ^ 1), evidence });
}
