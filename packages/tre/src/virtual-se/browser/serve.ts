import type { Bytes, Result } from '@tallystick/protocol';
import { lastWords } from '../../isolated/answers.ts';
import type { MessagePort as BytePort } from '../../isolated/port.ts';
import type { Element } from '../../port.ts';
import {
  decodeFrameRequest,
  encodeFrameResponse,
  type FrameRequest,
  type FrameResponse,
  type OpenRequest,
} from './contract.ts';

/** Opens the purse that an app asks for, with a way to ask the app for evidence. */
export type OpenPurse = (
  request: OpenRequest,
  attest: (binding: Bytes) => Promise<Bytes>,
) => Promise<Result<Element>>;

/**
 * The element's side of a port: opens one purse, then carries out one request after the other, until the app
 * closes it. Whatever goes wrong ends it; it says why, once.
 */
export async function serveFrame(port: BytePort, open: OpenPurse): Promise<void> {
  const send = (response: FrameResponse): void => port.send(encodeFrameResponse(response));
  const next = async (): Promise<FrameRequest> => decodeFrameRequest(await port.receive());
  const attest = async (binding: Bytes): Promise<Bytes> => {
    send({ kind: 6, binding });
    const request = await next();
    if (request.kind !== 4) throw new TypeError('the app asked for more before it gave evidence');
    return request.evidence;
  };
  let element: Element | null = null;
  try {
    const first = await next();
    if (first.kind !== 0) throw new TypeError('the app must open the element first');
    const opened = await open(first, attest);
    if (!opened.ok) {
      const { code, message } = opened.error;
      return send({ kind: 1, code, message });
    }
    element = opened.value;
    send({ kind: 0, measurement: await element.measurement() });
    for (;;) {
      const request = await next();
      if (request.kind === 3) break;
      send(await carryOut(element, request));
    }
    await element.close();
    send({ kind: 5 });
  } catch (error) {
    await element?.close();
    send(lastWords(error));
  }
}

async function carryOut(element: Element, request: FrameRequest): Promise<FrameResponse> {
  switch (request.kind) {
    case 1:
      return { kind: 3, reply: await element.execute(request.command) };
    case 2: {
      const [entry = null] = await element.readLog(request.seq, request.seq);
      return { kind: 2, entry };
    }
    default:
      throw new TypeError('the element is open already');
  }
}
