import { type Context, type CreditOrder, settle } from '../reconciliation/index.ts';
import type { Rail } from '../rail/rail.ts';

/** Carries the outbox's messages to their addressees, one run at a time. */
export interface Dispatcher {
  /** Resolves when everything that was in the outbox at the call is delivered, or a run failed. */
  drain(): Promise<void>;
}

/** @param onFailure told why a run failed; its messages stay for the next run */
export function createDispatcher(
  context: Context,
  rail: Rail,
  onFailure: (error: unknown) => void,
): Dispatcher {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  async function run(): Promise<void> {
    try {
      await settle(context, (order) => creditAccount(rail, order));
    } catch (error) {
      onFailure(error);
    }
  }

  function start(): Promise<void> {
    running = run().finally(() => {
      running = null;
    });
    return running;
  }

  return {
    drain: () => {
      if (running === null) return start();
      // The run under way may have looked past our messages already: one more covers all who wait.
      next ??= running.then(() => {
        next = null;
        return running ?? start();
      });
      return next;
    },
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
