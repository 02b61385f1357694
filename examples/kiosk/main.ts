/** Sells entry for 2.50: draws a code, reads what a barcode scanner types, and is paid. ../README.md says how to start it. */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { platformTimer, type QrCode, qrDuplex } from '@tallystick/wallet';
import { openNodeWallet, publisherIn } from '@tallystick/wallet/node';
import { renderUnicodeCompact } from 'uqr';

const [baseUrl = '', participant = '', account = '', trust = '', directory = ''] =
  process.argv.slice(2);
const publisher = publisherIn(await readFile(trust, 'utf8'));
if (!publisher.ok) throw new Error(publisher.error.message);
const timer = platformTimer({ nowMs: Date.now, setTimeout, clearTimeout });
const passphrase = process.env['KIOSK_PASSPHRASE'] ?? '';
const where = { baseUrl, fetch, timer, directory, passphrase, publisher: publisher.value };
const wallet = await openNodeWallet(where);
if (!wallet.ok) throw new Error(wallet.error.message);
const enrolled = await wallet.value.enrol({ participant, account });
if (!enrolled.ok) throw new Error(enrolled.error.message);
// The bank hears of it whenever there is a network.
setInterval(() => void wallet.value.sync(), 10_000);

let scanned: (text: string) => unknown = () => undefined;
createInterface(process.stdin).on('line', (text) => scanned(text));
const say = (text: string): unknown => process.stdout.write(`${text}\n`);
const draw = (code: QrCode | null): unknown => code && say(renderUnicodeCompact(code.text(0)));
for (;;) {
  const screen = qrDuplex(draw);
  ({ scanned } = screen);
  const onAccepted = (): void => {
    say('Paid. This is the receipt, to scan within ten seconds:');
    setTimeout(() => void screen.transport.close(), 10_000);
  };
  const paid = await wallet.value.getPaid(screen.transport, { amount: 250n, onAccepted });
  say(paid.ok ? 'Next, please.' : paid.error.message);
}
