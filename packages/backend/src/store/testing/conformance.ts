import { describe } from 'vitest';
import { describeMoney, describeReports } from './conformance/money.ts';
import { describeFleet } from './conformance/fleet.ts';
import { describeLostPurses } from './conformance/lost.ts';
import { describeRows } from './conformance/shards.ts';
import {
  describeDocuments,
  describeLists,
  describeMessages,
  describeTransactions,
} from './conformance/transactions.ts';
import type { WithStore } from './suite.ts';

/** What every store must do, whatever it is made of. */
export function describeStore(name: string, withStore: WithStore): void {
  describe(`the ${name} store`, () => {
    describeTransactions(withStore);
    describeRows(withStore);
    describeMoney(withStore);
    describeLostPurses(withStore);
    describeFleet(withStore);
    describeMessages(withStore);
    describeLists(withStore);
    describeDocuments(withStore);
    describeReports(withStore);
  });
}
