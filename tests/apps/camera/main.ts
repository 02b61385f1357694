/** Measures payments by camera between two wallets, and writes docs/camera.{json,md} (`npm run camera`). */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { Office } from '../office.ts';
import { Phone } from '../phone.ts';
import { cameraPage, type CameraRun, type Spans } from './page.ts';

const RUNS = 50;
const PIN = '2468';
const SHOWN = '€1.00';

/** One payment, from the payer's word to the receipt on their screen; in milliseconds. */
async function timed(payer: Phone, payee: Phone): Promise<Spans> {
  await payee.go('Get paid');
  await payee.type('100');
  await payee.press('Show my code');
  await payer.go('Pay');
  payer.watch(payee);
  await payer.see(`Pay ${SHOWN}?`);
  payee.watch(payer);
  const approvedMs = performance.now();
  await payer.press(`Pay ${SHOWN}`);
  await payer.see('Let them scan it.');
  const shownMs = performance.now();
  await payee.see(`${SHOWN} received`);
  const receivedMs = performance.now();
  await payer.see(`${SHOWN} paid`);
  const paidMs = performance.now();
  await Promise.all([payer.lookAway(), payee.lookAway()]);
  for (const each of [payer, payee]) await each.press('Done');
  return {
    debit: shownMs - approvedMs,
    payment: receivedMs - shownMs,
    receipt: paidMs - receivedMs,
    all: paidMs - approvedMs,
  };
}

async function measure(): Promise<CameraRun> {
  const office = await Office.open();
  const { wallet } = office.report;
  const phones = [await Phone.open(wallet), await Phone.open(wallet)] as const;
  try {
    for (const phone of phones) await phone.enrol(PIN);
    await office.stop();
    const spans: Spans[] = [];
    for (let run = 0; run < RUNS; run++) {
      const [payer, payee] = run % 2 === 0 ? phones : [phones[1], phones[0]];
      spans.push(await timed(payer, payee));
      process.stdout.write(`${run + 1} of ${RUNS}: ${Math.round(spans.at(-1)?.all ?? 0)} ms\n`);
    }
    const models = new Set(cpus().map(({ model }) => model.trim()));
    return { runs: spans, machine: `${cpus().length} cores, ${[...models].join(', ')}` };
  } finally {
    await office.close();
    for (const phone of phones) await phone.close();
  }
}

const run = await measure();
const docs = new URL('../../../docs/', import.meta.url);
writeFileSync(new URL('camera.json', docs), `${JSON.stringify(run, null, 2)}\n`);
writeFileSync(new URL('camera.md', docs), cameraPage(run));
process.stdout.write('docs/camera.{json,md} are written\n');
process.exit();
