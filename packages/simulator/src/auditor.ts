import { auditAccounts, auditLosses } from './audit-accounts.ts';
import type { World } from './world.ts';

/**
 * Holds the world against its promises. It knows the true state of every device and what the backend
 * believes, and shares no rule with either.
 */
export async function auditStep(world: World): Promise<void> {
  world.checks++;
  world.truth.checkSupply();
  for (const violation of world.truth.violations.splice(0)) {
    world.violate(violation.invariant, violation.detail);
  }
  for (const error of [...world.breakdowns.splice(0), ...world.office.failures.splice(0)]) {
    world.violate(
      'NO-BREAKDOWN',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
  }
}

/** What the backend believes, checked whenever it may have learned something. */
export async function auditBackend(world: World): Promise<void> {
  const { backend, store } = world.office;
  for (const equation of await backend.supply()) {
    if (!equation.balanced)
      world.violate(
        'INV-SUPPLY',
        `the books of ${equation.participant ?? 'the scheme'} do not balance`,
      );
  }
  let after = '';
  for (;;) {
    const page = await store.reports.purses(after, 100);
    for (const purse of page.rows) {
      if (purse.standing === 'culprit') world.culprits.add(purse.account);
      if (purse.standing === 'culprit' && !world.truth.isTampered(purse.account)) {
        world.violate(
          'INV-ONCE',
          `${purse.account} is honest and was named culprit: ${purse.reason}`,
        );
      }
    }
    if (page.next === null) return;
    after = page.next;
  }
}

/** What must hold once everybody has come home. */
export async function auditEnd(world: World): Promise<void> {
  const { truth } = world;
  await auditBackend(world);
  for (const agent of world.agents.filter((each) => !each.isGone && !truth.isTampered(each.name))) {
    const left = truth.balance(agent.name);
    if (left !== 0n) world.violate('INV-REDEEM', `${agent.name} could not bring ${left} home`);
  }
  for (const payment of truth.payments.values()) {
    const { payer, acceptedBy, restored, isUnload, payee } = payment;
    const owner = truth.owner(payee);
    if (payer === null || isUnload || owner === undefined) continue;
    if (truth.isTampered(payer) || truth.isTampered(owner)) continue;
    // A payee that never comes back never says whether it has it; its payer stays in doubt.
    if (world.find(payer)?.isGone === true || world.find(owner)?.isGone === true) continue;
    if (acceptedBy.size + restored !== 1) {
      world.violate('INV-TORN', `${payment.id} of ${payer} for ${owner} has no owner at the end`);
    }
  }
  const culprits = await namedCulprits(world);
  for (const name of truth.doubleSpenders()) {
    if (!culprits.has(name)) world.violate('INV-ONCE', `${name} spent twice and was not found`);
  }
  await auditLosses(world);
  await auditAccounts(world);
}

export async function namedCulprits(world: World): Promise<ReadonlySet<string>> {
  const { rows } = await world.office.store.reports.purses('', 1_000);
  return new Set(
    rows.filter(({ standing }) => standing === 'culprit').map(({ account }) => account),
  );
}
