import { expect, test } from 'vitest';
import { rowsOf } from './report.ts';
import { runCrashes } from './run.ts';
import { VICTIMS } from './world/victims.ts';

/** Two for each choice of victims; `npm run crash` plays hundreds. */
const ROUNDS = 2 * VICTIMS.length;

// The processes are found in the table that Linux keeps of them.
test.skipIf(process.platform !== 'linux')(
  `kill -9 of backend, database, environments and wallets, ${ROUNDS} times: nothing acknowledged is lost, nobody is stuck`,
  async () => {
    // How long things took is for the table of the script.
    const run = await runCrashes({ rounds: ROUNDS, seed: 1, nowMs: () => 0 });
    expect(run.rounds).toHaveLength(ROUNDS);
    expect(run.left).toBe(0n);
    // Blows that cut nothing would have shown nothing.
    const all = rowsOf(run.rounds).at(-1);
    expect(all?.requestsCut).toBeGreaterThan(0);
    expect(all?.operationsCut).toBeGreaterThan(ROUNDS / 2);
    expect(run.acknowledged).toBeGreaterThan(10 * ROUNDS);
    expect(run.culprits).toBeGreaterThan(0);
  },
  900_000,
);
