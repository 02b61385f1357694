/** The emulation of a trusted execution environment: a process of its own, with the way to the TPM. */
import { runElement } from '../isolated/serve.ts';
import { HANDED_OVER } from '../isolated/process-port.ts';
import { openTpm } from '../tpm/open.ts';
import { inheritedLine } from '../tpm/transport.ts';
import { NO_COUNTER } from './arguments.ts';
import { trustedExecution } from './inside.ts';

const isCounted = !process.argv.includes(NO_COUNTER);
await runElement(async () =>
  trustedExecution(await openTpm(inheritedLine(HANDED_OVER)), isCounted),
);
