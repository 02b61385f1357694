import { attempt } from '@tallystick/protocol';
import { type Call, printJson } from '../command/command.ts';
import { Failure } from '../command/failure.ts';
import { asText } from './as-text.ts';
import { explain } from './explain.ts';
import { allChecks, type Explained, isVerified } from './explained.ts';
import { type Encoding, readInput } from './read-input.ts';
import { readMaterial } from './read-material.ts';

/** What `inspect --json` prints. */
export interface InspectReport extends Explained {
  /** The same as `verified`. */
  readonly ok: boolean;
  readonly verified: boolean;
  readonly encoding: Encoding;
  /** The trust file that was used. */
  readonly trust: string | null;
}

/** Prints a message in words; 0 when it is verified, else 1. */
export async function runInspect(call: Call): Promise<number> {
  const { runtime, json } = call;
  const input = await readInput(call.argument, runtime);
  const { material, trustPath } = await readMaterial(call, input.folder);
  const read = attempt(() => explain(input.bytes, material));
  if (!read.ok) throw new Failure(read.error.code, `${read.error.code}: ${read.error.message}`);
  const explained = read.value;
  const verified = isVerified(explained);
  if (json) {
    const { encoding } = input;
    const report: InspectReport = {
      ok: verified,
      verified,
      encoding,
      trust: trustPath,
      ...explained,
    };
    printJson(runtime, report);
  } else {
    runtime.writeOut(`${asText(explained)}\n`);
  }
  const verdict = verdictOf(explained, trustPath);
  if (!verified) runtime.writeError(`tallystick inspect: ${verdict}\n`);
  else if (!json) runtime.writeOut(`${verdict}\n`);
  return verified ? 0 : 1;
}

/** One line: what failed first, or what to add first. */
function verdictOf(explained: Explained, trustPath: string | null): string {
  const checks = allChecks(explained);
  const failed = checks.filter(({ outcome }) => outcome === 'failed');
  const missing = checks.filter(({ outcome }) => outcome === 'not checked');
  const [first] = [...failed, ...missing];
  if (first === undefined) return `verified: ${checks.length} checks passed, root in ${trustPath}`;
  const counts = `${failed.length} of ${checks.length} checks failed, ${missing.length} not made`;
  const code = first.code === null ? '' : `${first.code}: `;
  return `not verified (${counts}): ${first.name}: ${code}${first.detail}`;
}
