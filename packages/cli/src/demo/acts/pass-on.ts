import type { Terminal } from '@tallystick/wallet';
import { value } from '../holder.ts';
import { demandThat, sayHoldings, type Stage } from '../stage.ts';
import { payTerminal, tap } from '../taps.ts';

const CODE_SECONDS = 30 * 86_400;

/** Ada pays Ben, Ben pays Cleo, Cleo pays the café, each with part of what just came in. */
export async function passOn(stage: Stage): Promise<Terminal> {
  const { narrator, network, cast, payments } = stage;
  const { ada, ben, cleo, cafe } = cast;
  network.isOnline = false;
  narrator.act('No network from here on: money changes hands three times');
  narrator.say(
    'Each purse checks the other alone: signature, certificate up to the stored root,',
    'addressee, amount, freshness, limits. What came in is spent again at once.',
  );
  await tap(stage, ada, ben, 24_00n);
  await tap(stage, ben, cleo, 12_00n);
  // She will need it later.
  await cleo.close();
  await cleo.copyStorage();
  await cleo.open();
  const terminal = value(
    await cafe.wallet.terminal({ amount: null, validSeconds: CODE_SECONDS }),
    'the terminal',
  );
  await payTerminal(stage, cleo, cafe, terminal, 7_50n);
  narrator.say(
    '',
    'The café shows a printed code and never answers: one message was enough.',
    'Three hops, and the message has not grown.',
  );
  await sayHoldings(stage);
  const hops = payments.map(({ hop }) => hop);
  demandThat(stage, 'money changed hands three times offline', hops.join() === '1,2,3');
  demandThat(stage, 'the café has what Cleo paid', (await cafe.balance()) === 7_50n);
  const backend = await ada.wallet.sync();
  demandThat(stage, 'there was no network', !backend.ok);
  return terminal;
}
