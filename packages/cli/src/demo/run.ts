import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { SANDBOX_SCHEME, readSchemeFile, type RunningServer } from '@tallystick/backend';
import { TpmManufacturer } from '@tallystick/tre/tpm';
import { type Call, printJson } from '../command/command.ts';
import { usageFailure } from '../command/failure.ts';
import { startLog } from '../server/log-file.ts';
import { startBackend } from '../server/start.ts';
import { withTemporaryFolder } from '../server/temporary-folder.ts';
import { DATABASE_FOLDER, DEFAULT_DEMO } from '../trust/places.ts';
import { type Environment, ENVIRONMENTS } from '../environments/index.ts';
import { ensurePackages } from '../environments/ensure-packages.ts';
import { ENVIRONMENT_NAMES } from '../environments/names.ts';
import { Keepsake } from './keepsake.ts';
import { Narrator } from './narrator.ts';
import type { DemoReport } from './report.ts';
import { play } from './play.ts';
import { everybody, setStage } from './stage.ts';

const TOKEN_BYTES = 32;

/** Tells the story; 0 when everything held that had to. */
export async function runDemo(call: Call): Promise<number> {
  const environment = environmentOf(call);
  const { runtime, values, json, progress } = call;
  const scheme = await readSchemeFile(SANDBOX_SCHEME);
  const narrator = new Narrator(call, scheme.currency);
  const kept = resolve(runtime.workingFolder, values.text('keep') ?? DEFAULT_DEMO);
  const keepsake = await Keepsake.open(kept);
  narrator.title(
    'Three people, a café, two banks, and one cheat. Keys, signatures, storage, HTTP and',
    'database are real. Only the money is not.',
  );
  progress.say(`looking for what ${environment.name} needs`);
  await ensurePackages(environment, (text) => runtime.writeError(text));
  progress.say('starting a database and the backend');
  const report = await withTemporaryFolder('demo', async (folder) => {
    const tpmMaker = environment.hasTpm
      ? await TpmManufacturer.in(join(folder, 'tpm-maker'))
      : null;
    const operatorToken = randomBytes(TOKEN_BYTES).toString('base64url');
    const server = await startBackend({
      database: databaseOf(call, folder),
      port: 0,
      operatorToken,
      nowMs: runtime.nowMs,
      ...(tpmMaker === null ? {} : { tpmRoots: [(await tpmMaker.certificates()).issuing] }),
      log: startLog(kept, runtime.nowMs),
    });
    try {
      const props = { narrator, keepsake, environment, tpmMaker };
      const stage = { server, operatorToken, folder, runtime, ...props };
      return await playOn(call, stage);
    } finally {
      progress.clear();
      await server.stop();
    }
  });
  if (json) printJson(runtime, report);
  if (report.ok) return 0;
  const broken = report.checks.flatMap(({ name, holds }) => (holds ? [] : [name]));
  runtime.writeError(`tallystick demo: this did not hold: ${broken.join('; ')}\n`);
  return 1;
}

function environmentOf({ values }: Call): Environment {
  const wanted = values.text('tre') ?? ENVIRONMENT_NAMES[0];
  const found = ENVIRONMENTS.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  throw usageFailure(
    `there is no environment "${wanted}" here; there is ${ENVIRONMENT_NAMES.join(', ')}`,
  );
}

function databaseOf(
  { values }: Call,
  folder: string,
): { readonly url: string } | { readonly directory: string } {
  const url = values.text('database-url');
  return url === undefined ? { directory: join(folder, DATABASE_FOLDER) } : { url };
}

async function playOn(
  call: Call,
  options: Parameters<typeof setStage>[0] & { readonly server: RunningServer },
): Promise<DemoReport> {
  const stage = await setStage(options);
  try {
    const database = call.values.isSet('database-url') ? 'external' : 'embedded';
    return await play(stage, database);
  } finally {
    for (const holder of everybody(stage)) await holder.close();
  }
}
