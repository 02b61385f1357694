import type { RollbackReport } from '../report.ts';
import { demandThat, sayHoldings, type Stage } from '../stage.ts';
import { tap } from '../taps.ts';

/** Cleo puts an old copy of her purse back, to spend the same money again. */
export async function spendTwice(stage: Stage): Promise<RollbackReport> {
  const { narrator, cast, environment } = stage;
  const { cleo } = cast;
  narrator.act('A cheat: Cleo rolls her purse back to before she paid the café');
  narrator.say(...environment.rollback.says);
  const spent = await cleo.balance();
  await cleo.close();
  await cleo.rollBackStorage();
  const refusedWith = await cleo.openUnlessRefused();
  const isPrevented = refusedWith !== null || (await cleo.balance()) === spent;
  const isExpected = isPrevented === environment.rollback.isPrevented;
  demandThat(stage, 'the old copy is worth what it is said to be', isExpected);
  await (isPrevented ? giveUp(stage, refusedWith, spent) : spendAgain(stage, spent));
  await sayHoldings(stage);
  return { outcome: isPrevented ? 'prevented' : 'succeeded', refusedWith };
}

/** She puts back what she had, unless that is what she has: the attempt has cost nothing. */
async function giveUp(stage: Stage, refusedWith: string | null, spent: bigint): Promise<void> {
  const { narrator, cast } = stage;
  const { cleo } = cast;
  narrator.say('');
  if (refusedWith !== null) {
    await cleo.undoRollBack();
    await cleo.open();
    narrator.say(`The old copy does not open: ${refusedWith}. She puts the newest one back.`);
  }
  const held = await cleo.balance();
  narrator.say(`Cleo's purse has ${narrator.money(held)}, as before.`);
  demandThat(stage, 'nothing has changed', held === spent);
}

async function spendAgain(stage: Stage, spent: bigint): Promise<void> {
  const { narrator, cast } = stage;
  const { ben, cleo } = cast;
  const again = await cleo.balance();
  narrator.say(
    '',
    `Cleo's purse: ${narrator.money(spent)} has become ${narrator.money(again)} again.`,
  );
  await tap(stage, cleo, ben, 15_00n);
  narrator.say(
    '',
    'Ben cannot tell, offline, and will be paid all the same, as honest payees are.',
    'But Cleo has now signed two payments at one position of her log.',
  );
  demandThat(stage, 'the rolled-back purse had its old balance again', again - spent === 7_50n);
}
