import type { Redemption } from '@tallystick/wallet';
import { type Holder, value } from '../holder.ts';
import { type HolderReport, toMoney } from '../report.ts';
import { currencyCode, demandThat, everybody, type Stage, tierOf } from '../stage.ts';

/** Everybody moves everything back to an account. */
export async function redeemEverything(stage: Stage, hasCheat: boolean): Promise<HolderReport[]> {
  const { narrator, operator, cast } = stage;
  narrator.act('Everybody redeems: money comes home to the last minor unit');
  const holders: HolderReport[] = [];
  for (const holder of everybody(stage)) {
    const held = await holder.balance();
    const redeemed = value(await holder.wallet.redeemAll(), `the redemption of ${holder.name}`);
    const isPaid = redeemed === null || redeemed.state === 'paid';
    const word = isPaid ? '' : '   frozen, against what she owes';
    narrator.say(
      `${holder.name.padEnd(5)} purse ══ ${narrator.money(amountOf(redeemed)).padStart(9)} ══▶ account${word}`,
    );
    demandThat(stage, `${holder.name} redeemed everything`, amountOf(redeemed) === held);
    demandThat(stage, `${holder.name}'s purse is empty`, (await holder.balance()) === 0n);
    const expected = holder !== cast.cleo || !hasCheat;
    const name = `${holder.name} is ${expected ? 'paid' : 'not paid before the debt is settled'}`;
    demandThat(stage, name, isPaid === expected);
    holders.push(await reportHolder(stage, holder, amountOf(redeemed), isPaid));
  }
  if (hasCheat) sayLoss(stage);
  narrator.equation(await operator.supply(currencyCode(stage)));
  return holders;
}

function sayLoss({ narrator }: Stage): void {
  narrator.say(
    '',
    'More has come home than was loaded: the difference is what Cleo spent twice, and her',
    'bank answers for it. Her own last money stays in flight until she has paid.',
  );
}

function amountOf(redeemed: Redemption | null): bigint {
  return redeemed?.amount ?? 0n;
}

async function reportHolder(
  stage: Stage,
  holder: Holder,
  redeemed: bigint,
  isPaid: boolean,
): Promise<HolderReport> {
  const { currency } = stage.server.backend.authority.scheme;
  return {
    name: holder.options.acceptancePoint ?? holder.name,
    participant: holder.options.participant,
    kind: holder.isTerminal ? 'terminal' : 'wallet',
    purse: await holder.purseId(),
    tier: (await tierOf(stage, holder)).name,
    loaded: toMoney(holder.loaded, currency),
    redeemed: toMoney(redeemed, currency),
    redemption: isPaid ? 'paid' : 'frozen',
  };
}
