import { trustOfBackend } from '../trust/of-backend.ts';
import { comeOnline } from './acts/come-online.ts';
import { spendTwice } from './acts/double-spend.ts';
import { loadPurses } from './acts/load.ts';
import { passOn } from './acts/pass-on.ts';
import { redeemEverything } from './acts/redeem.ts';
import { tearTap } from './acts/torn-tap.ts';
import type { DemoReport } from './report.ts';
import { currencyCode, demandThat, everybody, type Stage } from './stage.ts';

/** The acts in their order, and what came of them. */
export async function play(stage: Stage, database: DemoReport['database']): Promise<DemoReport> {
  const { server, operator, narrator, keepsake, payments } = stage;
  await loadPurses(stage);
  await passOn(stage);
  const tornTap = await tearTap(stage);
  const rollback = await spendTwice(stage);
  const hasCheat = rollback.outcome === 'succeeded';
  const fork = await comeOnline(stage, hasCheat);
  const holders = await redeemEverything(stage, hasCheat);

  narrator.act('The audit: other code works the ledger out again from the signed records');
  const audit = await server.backend.audit();
  demandThat(stage, 'the audit agrees', audit.agrees);
  narrator.say(
    `${audit.facts} records, ${audit.signatures} signatures verified again,` +
      ` ${audit.differences.length} differences`,
  );
  const supply = await operator.supply(currencyCode(stage));
  demandThat(stage, 'the supply equation holds', supply.balanced);
  narrator.equation(supply);
  await keepTrust(stage);
  sayFarewell(stage);
  return {
    ok: stage.checks.every(({ holds }) => holds),
    scheme: server.backend.authority.scheme.id,
    tre: stage.environment.name,
    database,
    holders,
    payments,
    tornTap,
    rollback,
    fork,
    supply,
    audit: {
      agrees: audit.agrees,
      facts: audit.facts,
      signatures: audit.signatures,
      differences: audit.differences.length,
    },
    checks: stage.checks,
    files: { folder: keepsake.folder, trust: keepsake.trust, messages: keepsake.messages },
  };
}

async function keepTrust(stage: Stage): Promise<void> {
  const { server, keepsake } = stage;
  const purses = await Promise.all(everybody(stage).map((holder) => holder.certificate()));
  await keepsake.keepTrust(await trustOfBackend(server.backend.authority, server.store, purses));
}

function sayFarewell({ narrator, keepsake }: Stage): void {
  const [request, payment] = keepsake.messages;
  narrator.say(
    '',
    'Every message of the story is kept. The first payment, field by field:',
    '',
    `tallystick inspect ${payment} \\`,
    `  --request ${request}`,
  );
}
