import { type Context, type CreditOrder, settle } from '../reconciliation/index.ts';
import type { Rail } from '../rail/rail.ts';

/**
 * Carries the outbox's messages to their addressees, one run at a time. Runs are few and large
 * rather than many and small: what many uploads have to say to one purse then takes one transaction.
 */
export interface Dispatcher {
  /** Does work that writes messages; runs wait for it to end, within reason. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when everything that was in the outbox at the call is delivered, or a run failed. */
  drain(): Promise<void>;
}

/** So many callers wait for a run no longer, even if more messages are being written. */
const PATIENCE_CALLERS = 512;

/** @param onFailure told why a run failed; its messages stay for the next run */
export function createDispatcher(
  context: Context,
  rail: Rail,
  onFailure: (error: unknown) => void,
): Dispatcher {
  let waiting: (() => void)[] = [];
  let writing = 0;
  let isRunning = false;

  function runIfDue(): void {
    if (isRunning || waiting.length === 0) return;
    if (writing > 0 && waiting.length < PATIENCE_CALLERS) return;
    const served = waiting;
    waiting = [];
    isRunning = true;
    settle(context, (order) => creditAccount(rail, order))
      .catch(onFailure)
      .finally(() => {
        isRunning = false;
        for (const resolve of served) resolve();
        runIfDue();
      })
      .catch(onFailure);
  }

  return {
    during: async (work) => {
      writing += 1;
      try {
        return await work();
      } finally {
        writing -= 1;
        runIfDue();
      }
    },
    drain: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        runIfDue();
      }),
  };
}

async function creditAccount(rail: Rail, order: CreditOrder): Promise<void> {
  const { participant, account, currency, amount, payment } = order;
  const credited = await rail.credit({
    key: `${order.cause}:${payment}`,
    participant,
    account,
    currency,
    amount,
  });
  // Accounts are checked at enrolment and never closed here: a refusal is our own mistake.
  if (!credited.ok) throw new Error(`the rail refused a credit: ${credited.error.message}`);
}
