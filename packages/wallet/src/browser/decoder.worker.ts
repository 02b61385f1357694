/**
 * The worker that reads codes. It is served with a policy that gives it no network at all, and the page posts it
 * the machine: whatever a hostile picture does to it, it can tell nobody but the page.
 */
import { prepareZXingModule } from 'zxing-wasm/reader';
import { readTexts } from '../optical/reading.ts';
import { type Answer, asOrder, type Order } from './messages.ts';

const canvas = new OffscreenCanvas(1, 1);
// Every picture is read back: it must not lie in a graphics card's memory.
const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });

async function carryOut(order: Order | null): Promise<Answer> {
  if (order === null) return { kind: 'failed', message: 'this is no order' };
  if (order.kind === 'start') {
    await prepareZXingModule({ overrides: { wasmBinary: order.wasm }, fireImmediately: true });
    return { kind: 'started' };
  }
  return { kind: 'texts', texts: await readTexts(pixelsOf(order.picture)) };
}

function pixelsOf(picture: ImageBitmap): ImageData {
  if (context === null) throw new Error('this browser gives a worker no canvas');
  const { width, height } = picture;
  // Setting a size clears the canvas and allocates it anew.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.drawImage(picture, 0, 0);
  picture.close();
  return context.getImageData(0, 0, width, height);
}

addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  carryOut(asOrder(data))
    .catch((error: unknown): Answer => ({ kind: 'failed', message: String(error) }))
    .then((answer) => postMessage(answer))
    .catch(reportError);
});
