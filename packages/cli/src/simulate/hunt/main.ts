import { parseArgs } from 'node:util';
import { huntViolation } from '@tallystick/simulator';
import { nativeVerifier } from '@tallystick/tre/plain-process';
import { createNativeSigner } from '@tallystick/simulator/native-sign';

/**
 * Runs worlds until the first violation, for whoever breaks the code on purpose: prints one line of
 * JSON, `{"seed","step","violation"}` or `null`, and exits with 0 when something was found, else with 1.
 *
 *     node packages/cli/src/simulate/hunt/main.ts --from 1 --to 200 --steps 2000 --seconds 120
 */
const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    to: { type: 'string', default: '100' },
    steps: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '600' },
  },
});

const startedMs = performance.now();
const found = await huntViolation({
  firstSeed: Number(values.from),
  lastSeed: Number(values.to),
  steps: Number(values.steps),
  verify: nativeVerifier(4_096),
  sign: createNativeSigner(),
  goesOn: () => performance.now() - startedMs < 1_000 * Number(values.seconds),
});
process.stdout.write(`${JSON.stringify(found)}\n`);
process.exitCode = found === null ? 1 : 0;
