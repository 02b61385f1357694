/**
 * Carries the rollback out in the simulated street with every set of layers but the log, and prints the rows:
 * `walk.ts on`, or `walk.ts off` where the process was started without the guard of the log.
 */
import { createNativeVerifier } from '@tallystick/backend';
import { EVERY_SET, streetRow, type StreetRow } from '@tallystick/cli/rollback';
import { walkStreet } from '@tallystick/simulator';
import { createNativeSigner } from '@tallystick/simulator/native-sign';

const KEYS_MAX = 1_000;
const engine = { verify: createNativeVerifier(KEYS_MAX), sign: createNativeSigner() };
const hasLog = process.argv[2] === 'on';
const rows: StreetRow[] = [];
for (const layers of EVERY_SET.filter(({ log }) => log === hasLog)) {
  rows.push(streetRow(layers, await walkStreet(layers, engine)));
}
console.log(JSON.stringify(rows));
