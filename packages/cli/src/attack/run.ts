import { type Call, printJson } from '../command/command.ts';
import { usageFailure } from '../command/failure.ts';
import { demandGoingOn } from '../command/stopping.ts';
import { type Environment, ENVIRONMENTS } from '../environments/index.ts';
import { ENVIRONMENT_NAMES } from '../environments/names.ts';
import { withTemporaryFolder } from '../server/temporary-folder.ts';
import type { Attack } from './attack.ts';
import { GALLERY } from './gallery.ts';
import { play } from './play.ts';
import { listText, tableText } from './words.ts';

/** Carries out what was asked for and prints what came of it. */
export async function runAttack(call: Call): Promise<number> {
  const { runtime, progress, json, values } = call;
  const attacks = attacksOf(call);
  if (values.isSet('list')) {
    if (json) printJson(runtime, attacks.map(described));
    else runtime.writeOut(listText(attacks));
    return 0;
  }
  const stop = runtime.stopSignal();
  const begin = (what: string): void => {
    demandGoingOn(stop);
    progress.say(what);
  };
  const { setVariable } = runtime;
  const rows = await withTemporaryFolder('attack', (folder) =>
    play(attacks, environmentsOf(call), { folder, setVariable, begin }),
  );
  progress.clear();
  if (json) printJson(runtime, rows);
  else runtime.writeOut(tableText(rows));
  return 0;
}

function described({
  name,
  group,
  attacker,
  reference,
  aim,
  against,
}: Attack): Omit<Attack, 'run'> {
  return { name, group, attacker, reference, aim, ...(against === undefined ? {} : { against }) };
}

function attacksOf({ values }: Call): readonly Attack[] {
  const only = values.text('only');
  if (only === undefined) return GALLERY;
  const found = GALLERY.filter(({ group, name }) => group === only || name.startsWith(only));
  if (found.length > 0) return found;
  throw usageFailure(`no attack is called "${only}"; --list names them`);
}

function environmentsOf({ values }: Call): readonly Environment[] {
  const wanted = values.text('tre');
  if (wanted === undefined) return ENVIRONMENTS;
  const found = ENVIRONMENTS.filter(({ name }) => name === wanted);
  if (found.length > 0) return found;
  throw usageFailure(
    `there is no environment "${wanted}" here; there is ${ENVIRONMENT_NAMES.join(', ')}`,
  );
}
