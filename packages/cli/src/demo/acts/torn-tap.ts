import { memoryPair } from '@tallystick/wallet';
import { value } from '../holder.ts';
import { Recorder } from '../recorder.ts';
import { type TornTapReport, toMoney } from '../report.ts';
import { demandThat, sayHoldings, type Stage } from '../stage.ts';
import { tap } from '../taps.ts';

const RECEIPT = 3;

/** The link breaks while the receipt is on its way; both find out who has the money. */
export async function tearTap(stage: Stage): Promise<TornTapReport> {
  const { narrator, cast, server } = stage;
  const { ada, ben } = cast;
  narrator.act('A torn tap: the devices part while the receipt is on its way');
  const before = { ada: await ada.balance(), ben: await ben.balance() };
  const amount = 6_00n;
  const torn = await tap(stage, ada, ben, amount, RECEIPT);
  narrator.say(
    '          ✂ the receipt is lost with the link',
    '',
    'Ada has paid, and cannot know whether Ben has got it: her purse holds it in doubt.',
    'They tap again, and she asks him to void it, unless he has accepted it.',
    '',
  );
  const recorder = new Recorder();
  const { a, b } = memoryPair(recorder.fault);
  const [resolved] = await Promise.all([
    ada.wallet.resolve(a, torn.paid.paymentId, 'void'),
    ben.wallet.answer(b),
  ]);
  const { state } = value(resolved, 'the second tap');
  const answered = state === 'paid' ? 'receipt' : 'void';
  const endedWith = state === 'paid' ? ben.name : ada.name;
  narrator.frames(recorder.sizes);
  narrator.say(
    '',
    `Ben's purse answers with its ${answered}: the money is with ${endedWith}, and both know it.`,
  );
  await sayHoldings(stage);
  const after = { ada: await ada.balance(), ben: await ben.balance() };
  const moved = before.ada - after.ada === amount && after.ben - before.ben === amount;
  demandThat(stage, 'the torn payment ended with exactly one of the two', moved);
  return {
    from: ada.name,
    to: ben.name,
    amount: toMoney(amount, server.backend.authority.scheme.currency),
    cut: 'receipt',
    payerSaw: torn.paid.state,
    payeeSaw: torn.received.ok ? 'accepted' : torn.received.error.code,
    resolvedBy: { asked: 'void', answered },
    endedWith,
  };
}
