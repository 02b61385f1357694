import { memoryPair } from '@tallystick/wallet';
import { type Holder, value } from '../holder.ts';
import type { ForkView } from '../operator.ts';
import type { ForkReport } from '../report.ts';
import { currencyCode, demandThat, type Stage } from '../stage.ts';

/** All come online, payees before those who paid them, whoever tried to cheat last. */
export async function comeOnline(stage: Stage, hasCheat: boolean): Promise<ForkReport> {
  const { narrator, network, operator, cast } = stage;
  const { ada, ben, cleo, cafe } = cast;
  network.isOnline = true;
  narrator.act('Online again, in the worst order: every payee before its payer, Cleo last');
  const before = new Set((await operator.forks()).map(({ digest }) => digest));
  let found: { readonly fork: ForkView; readonly at: Holder } | null = null;
  for (const holder of [cafe, ben, ada, cleo]) {
    const { uploaded, refused } = value(await holder.wallet.sync(), `the sync of ${holder.name}`);
    demandThat(stage, `the backend took all of ${holder.name}'s log`, refused.length === 0);
    narrator.say('', `${holder.name} brings ${uploaded} log entries.`);
    const fork = (await operator.forks()).find(({ digest }) => !before.has(digest));
    if (found === null && fork !== undefined) {
      found = { fork, at: holder };
      await sayFork(stage, fork);
    }
    narrator.equation(await operator.supply(currencyCode(stage)));
    if (holder === ada && hasCheat) await refuseCulprit(stage);
  }
  if (hasCheat) return reportFork(stage, found);
  demandThat(stage, 'nobody has spent anything twice', found === null);
  return NO_FORK;
}

async function sayFork({ narrator, keepsake }: Stage, { wire }: ForkView): Promise<void> {
  const proof = new Uint8Array(Buffer.from(wire, 'base64url'));
  await keepsake.keep('fork-proof', proof);
  narrator.say(
    '',
    '  ⚡ Two payments that one purse signed at one position of its log!',
    `    The two signatures are a proof, ${proof.length} bytes, that anybody can check.`,
    '    At once the purse is revoked, the status list reissued, the loss recognised.',
    '    It looks larger than it is until the purse brings what it had received.',
  );
}

/** Ada has the new status list; Cleo's purse has not heard of it, and would still pay. */
async function refuseCulprit(stage: Stage): Promise<void> {
  const { narrator, cast } = stage;
  const { ada, cleo } = cast;
  const amount = 1_00n;
  const { a, b } = memoryPair();
  const [paid, received] = await Promise.all([
    cleo.wallet.pay(a, () => Promise.resolve({ approve: true })),
    ada.wallet.getPaid(b, { amount }),
  ]);
  const code = received.ok ? 'nothing' : received.error.code;
  narrator.say(
    '',
    `Cleo, still offline, tries to pay Ada ${narrator.money(amount)}. Ada's purse has the new`,
    `list and refuses her: ${code}. Cleo takes the money back.`,
  );
  demandThat(stage, 'the culprit is refused by whoever has the new list', code === 'REVOKED');
  const isBack = paid.ok && paid.value.state === 'takenBack';
  demandThat(stage, 'what was refused went back', isBack);
}

const NO_FORK: ForkReport = {
  detected: false,
  detectedAtSyncOf: null,
  culprit: null,
  purse: null,
  proofKind: null,
  proofBytes: 0,
  revoked: false,
  listVersion: null,
};

async function reportFork(
  stage: Stage,
  found: { readonly fork: ForkView; readonly at: Holder } | null,
): Promise<ForkReport> {
  const { operator, cast, server, narrator } = stage;
  demandThat(stage, 'the double spending was found', found !== null);
  if (found === null) return NO_FORK;
  const { fork, at } = found;
  const purse = await operator.purse(fork.purse);
  const isCleo = fork.purse === (await cast.cleo.purseId());
  const list = await server.store.latestList();
  const [certificate] = await server.store.certificates([fork.certificate]);
  const isListed = list?.revoked.includes(certificate?.statusIndex ?? -1) === true;
  demandThat(stage, 'the proof names Cleo', isCleo);
  demandThat(stage, 'Cleo is revoked, and the newest status list says so', isListed);
  const newest = purse.revokedAt === null ? 'none' : String(purse.revokedAt);
  narrator.say('', `Cleo's purse is a ${purse.standing}, revoked from status list ${newest} on.`);
  return {
    detected: true,
    detectedAtSyncOf: at.name,
    culprit: isCleo ? cast.cleo.name : null,
    purse: fork.purse,
    proofKind: fork.kind,
    proofBytes: Buffer.from(fork.wire, 'base64url').length,
    revoked: isListed && purse.revokedAt !== null,
    listVersion: purse.revokedAt,
  };
}
