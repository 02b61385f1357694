/** What a purse costs in a browser: opening it, and a whole tap with everything durable. Prints medians. */
import { unwrap } from '@tallystick/protocol';
import type { ExaminedPurse } from '../../../conformance/purse.ts';
import { BrowserLab, purseWith, type Where } from '../lab.ts';

const OPENINGS = 9;
/** No more than a purse may make between two syncs. */
const TAPS = 19;

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[times.length >> 1] ?? 0;
}

async function timed(count: number, work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let done = 0; done < count; done++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}

async function tap(payer: ExaminedPurse, payee: ExaminedPurse): Promise<void> {
  const request = await payee.request(1n);
  const { message } = await payer.pay(request, payee);
  await payee.receive(message, request, payer);
}

const lab = await BrowserLab.start();
const page = await lab.page();
// Each of a tap's three commands crosses from here to the browser once, and this is what that takes.
const driverMs = await timed(TAPS, () => page.page.evaluate(() => undefined));
for (const isFramed of [false, true]) {
  const where = (purse: string): Where => ({ purse, isFramed });
  const payer = await purseWith(page, where('payer'), 5_000n);
  const payee = await purseWith(page, where('payee'), 0n);
  const tapMs = await timed(TAPS, () => tap(payer, payee));
  await payer.element.close();
  const openMs = await timed(OPENINGS, async () => {
    await unwrap(await page.purse(where('payer'))).close();
  });
  const name = isFramed ? 'virtual-se' : 'keys-only';
  const figures = [openMs, tapMs, driverMs].map((figure) => `${Math.round(figure * 10) / 10} ms`);
  process.stdout.write(
    `${name}: open ${figures[0]}, tap ${figures[1]}, driver ${figures[2]} a call\n`,
  );
}
await lab.stop();
