/** A shop's page: charges 3.50 by a code on the screen and the camera. ../README.md says how to start it. */
import { platformTimer, type QrCode, qrDuplex } from '@tallystick/wallet';
import { codePicture, openCamera, openDecoder } from '@tallystick/wallet/browser';
import { openFramedWallet } from '@tallystick/wallet/framed';

/** Origin of the element; serve.ts puts it in. */
declare const ELEMENT: string;
const page = document.querySelector('main') ?? document.body;
const make = <Tag extends 'button' | 'output' | 'div' | 'video'>(tag: Tag) =>
  page.appendChild(document.createElement(tag));
const [button, output, picture, video] = [
  make('button'),
  make('output'),
  make('div'),
  make('video'),
];
const say = (text: string): unknown => (output.value = text);
const timer = platformTimer({ nowMs: Date.now, setTimeout, clearTimeout });
const where = { baseUrl: location.origin, fetch, timer, element: ELEMENT, name: 'shop' };
const wallet = need(await openFramedWallet(where));
need(await wallet.enrol({ participant: 'ALPHSESS', account: location.hash.slice(1) }));
const draw = (code: QrCode | null): void => {
  const { modules, path } = code === null ? { modules: 1, path: '' } : codePicture(code.text(0));
  picture.innerHTML = `<svg viewBox="0 0 ${modules} ${modules}"><path d="${path}"/></svg>`;
};
const charge = async (): Promise<void> => {
  const { transport, scanned: onText } = qrDuplex(draw);
  const camera = need(await openCamera({ video, decoder: need(await openDecoder()), onText }));
  say('Show this to the customer, then scan what their phone shows.');
  const onAccepted = (): unknown => say('Paid. Show the receipt to the customer.');
  const paid = await wallet.getPaid(transport, { amount: 350n, onAccepted });
  camera.close();
  say(paid.ok ? 'Paid.' : paid.error.message);
  await wallet.sync();
};
picture.className = 'code';
button.textContent = 'Charge 3.50';
button.addEventListener('click', () => void charge());
say('Ready, with or without a network.');

type Outcome<T> = { ok: true; value: T } | { ok: false; error: { code: string; message?: string } };
function need<T>(result: Outcome<T>): T {
  if (result.ok) return result.value;
  say(result.error.message ?? result.error.code);
  throw new Error(result.error.code);
}
