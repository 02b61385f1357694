import {
  attempt,
  type Bytes,
  decodeSignedImage,
  ok,
  publicKey,
  type Result,
} from '@tallystick/protocol';
import type { EffectAnswer } from '@tallystick/trusted-app';
import { launch } from '../image/launch.ts';
import { nativeVerifier } from '../node/native-crypto.ts';
import type { Element } from '../port.ts';
import { bareEngine } from './engine.ts';
import {
  type Call,
  decodeRequest,
  encodeResponse,
  type MessagePort,
  type OpenRequest,
} from './port.ts';
import { SealedHost } from './sealed-host.ts';
import { EMPTY, unseal } from './sealing.ts';

/** Name of this environment in enrolments and reports. */
export const VIRTUAL_SE = 'virtual-se';

/**
 * The element's side of a port: opens one purse, then carries out one command after the other. Resolves
 * when the purse does not open; rejects when the port ends or the element is gone.
 */
export async function serveElement(port: MessagePort): Promise<void> {
  const call = async (what: Call): Promise<EffectAnswer> => {
    port.send(encodeResponse({ kind: 2, call: what }));
    const request = decodeRequest(await port.receive());
    if (request.kind !== 2) throw new TypeError('the app asked for more before it answered');
    return request.answer;
  };
  const first = decodeRequest(await port.receive());
  if (first.kind !== 0) throw new TypeError('the app must open the element first');
  const opened = await open(first, call);
  if (!opened.ok) {
    const { code, message } = opened.error;
    port.send(encodeResponse({ kind: 1, code, message }));
    return;
  }
  const element = opened.value;
  port.send(encodeResponse({ kind: 0, measurement: await element.measurement() }));
  for (;;) {
    const request = decodeRequest(await port.receive());
    if (request.kind !== 1) throw new TypeError('the app answered what nobody asked');
    port.send(encodeResponse({ kind: 3, reply: await element.execute(request.command) }));
  }
}

async function open(
  request: OpenRequest,
  call: (what: Call) => Promise<EffectAnswer>,
): Promise<Result<Element>> {
  const { image, sealed, sealingKey, logEnd, stretchCost } = request;
  const content = sealed === null ? ok(EMPTY) : unseal(sealed, sealingKey);
  if (!content.ok) return content;
  const offered = attempt(() => (image === null ? null : decodeSignedImage(image)));
  if (!offered.ok) return offered;
  const publisher = attempt(() => publicKey(request.publisherAlg, request.publisherKey));
  if (!publisher.ok) return publisher;
  const host = new SealedHost({ content: content.value, logEnd, sealingKey, stretchCost, call });
  return launch(host, {
    environment: VIRTUAL_SE,
    publisher: publisher.value,
    ...(offered.value === null ? {} : { image: offered.value }),
    engine: loadIntoMachine,
    verify: nativeVerifier(1),
  });
}

async function loadIntoMachine(code: Bytes): Promise<(call: Bytes) => Bytes> {
  const machine = await bareEngine(code);
  return (bytes) => machine.call('call', bytes);
}
