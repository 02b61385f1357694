import { type ChildProcess, fork } from 'node:child_process';
import { bundleProgram, type Program } from './bundle.ts';
import { ownUser } from './own-user.ts';
import { letGo, type TpmLine } from '../tpm/transport.ts';

/** An element's program. */
export interface ElementProgram extends Program {
  /** What it may read besides itself. */
  readonly readable?: readonly string[];
}

/**
 * Starts a process for one element with Node's permission model on: it can read its own program and its
 * packages, write nothing, start nothing, load no native code, and sees no variable of ours. Where this
 * process is root, that one is a user of its own. Node's model does not take the network away.
 *
 * @param line a way to a TPM that becomes the process's, and this one's no more
 */
export async function spawnElement(
  program: ElementProgram,
  line?: TpmLine,
  args: readonly string[] = [],
): Promise<ChildProcess> {
  const child = forkConfined(await bundleProgram(program), program.readable, line, args);
  if (line !== undefined) await letGo(line);
  return child;
}

/** Starts a program in the confinement of an element. */
export function forkConfined(
  file: string,
  readable: readonly string[] = [],
  line?: TpmLine,
  args: readonly string[] = [],
): ChildProcess {
  const uid = ownUser([process.execPath, file]);
  return fork(file, args, {
    ...(uid === null ? {} : { uid, gid: uid }),
    execArgv: [
      '--permission',
      ...[file, ...readable].map((path) => `--allow-fs-read=${path}`),
      '--no-warnings',
    ],
    serialization: 'advanced',
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc', ...(line === undefined ? [] : [line])],
  });
}
