import { demandThat, sayHoldings, type Stage } from '../stage.ts';
import { tap } from '../taps.ts';

/** Cleo puts an old copy of her purse back and spends the same money again. */
export async function spendTwice(stage: Stage): Promise<void> {
  const { narrator, cast, environment } = stage;
  const { ben, cleo } = cast;
  narrator.act('A cheat: Cleo rolls her purse back to before she paid the café');
  narrator.say(...environment.onRollback);
  const spent = await cleo.balance();
  await cleo.close();
  await cleo.rollBackStorage();
  await cleo.open();
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
  await sayHoldings(stage);
  demandThat(stage, 'the rolled-back purse had its old balance again', again - spent === 7_50n);
}
