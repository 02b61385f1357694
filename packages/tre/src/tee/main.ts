/** The emulation of a trusted execution environment: a process of its own, with the way to the TPM. */
import { runElement } from '../isolated/serve.ts';
import { HANDED_OVER } from '../isolated/process-port.ts';
import { openTpm } from '../tpm/open.ts';
import { inheritedLine } from '../tpm/transport.ts';
import { trustedExecution } from './inside.ts';

await runElement(async () => trustedExecution(await openTpm(inheritedLine(HANDED_OVER))));
