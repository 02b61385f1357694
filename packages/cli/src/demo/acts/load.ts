import { value } from '../holder.ts';
import { currencyCode, everybody, sayHoldings, type Stage, tierOf } from '../stage.ts';

/** Money goes from accounts into purses, while there is a network. */
export async function loadPurses(stage: Stage): Promise<void> {
  const { narrator, operator, cast } = stage;
  narrator.act('Online: everybody gets a purse, and money from an account goes into it');
  for (const { name, options } of everybody(stage)) {
    const { acceptancePoint } = options;
    const what = acceptancePoint === null ? 'wallet' : `terminal of "${acceptancePoint}"`;
    narrator.say(`${name.padEnd(5)} ${options.participantName.padEnd(14)} ${what}`);
  }
  narrator.say('', `The people's purses run in ${stage.environment.says}.`);
  const { tier, name: called, paymentMax } = await tierOf(stage, cast.ada);
  narrator.say(
    `To the backend that is worth tier ${tier}, "${called}":`,
    `${narrator.money(paymentMax)} a payment at most.`,
  );
  for (const [holder, amount] of [
    [cast.ada, 60_00n],
    [cast.ben, 5_00n],
    [cast.cleo, 5_00n],
  ] as const) {
    value(await holder.wallet.load(amount), `the load of ${holder.name}`);
    holder.loaded = amount;
    narrator.say(
      `${holder.name.padEnd(5)} account ══ ${narrator.money(amount).padStart(9)} ══▶ purse`,
    );
  }
  for (const holder of everybody(stage)) {
    value(await holder.wallet.sync(), `the sync of ${holder.name}`);
  }
  await sayHoldings(stage);
  narrator.say('', 'What left the accounts is the reserve. The backend keeps this equation:');
  narrator.equation(await operator.supply(currencyCode(stage)));
}
