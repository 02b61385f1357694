import { setTimeout as pause } from 'node:timers/promises';
import { elementProcesses } from '../../environments/processes.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attempt.ts';
import { MONEY } from './rollback.ts';

const KILLS = 12;
const STEP_MS = 2;

/** The power is cut later and later within a command. */
export const CRASH_AT_EACH_STEP: Attack = {
  name: 'crash at each step',
  group: 'state',
  attacker: 'app',
  reference: 'Strackx et al., Ice: a passive, high-speed, state-continuity scheme (ACSAC 2014)',
  aim: 'Cut the power in the middle of a commit, to have money that is both spent and there.',
  // The plain process and the keys alone run in this very process: their crash tests kill another.
  against: ['tee', 'smartcard', 'virtual-se'],
  run: async (arena) => {
    const victim = await arena.purse({ amount: MONEY });
    const before = await victim.hash();
    let expected = MONEY;
    for (let kill = 0; kill < KILLS; kill++) {
      const loading = victim.load(1n).then(
        () => true,
        () => false,
      );
      await pause(kill * STEP_MS);
      const pid = elementProcesses(arena.environment.name).at(-1);
      if (pid === undefined) throw new Error('there is no process to kill');
      process.kill(pid, 'SIGKILL');
      const isPromised = await loading;
      const refusal = await victim.tryToOpen();
      if (refusal !== null) throw new Error(`it does not open after kill ${kill}: ${refusal}`);
      const { balance } = await victim.status();
      const allowed = isPromised ? [expected + 1n] : [expected, expected + 1n];
      if (!allowed.includes(balance)) {
        const remark = `${balance} instead of ${allowed.join(' or ')}`;
        return finding('succeeded', { ran: `killed it ${kill + 1} times`, before, remark });
      }
      expected = balance;
    }
    return finding('detected', {
      ran: `killed its process ${KILLS} times, each time ${STEP_MS} ms later within a load`,
      before,
      after: await victim.hash(),
      remark:
        'at the next start, each time: what was committed is there, what was not never happened; nothing is made or lost',
    });
  },
};
