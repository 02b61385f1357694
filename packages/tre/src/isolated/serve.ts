import {
  attempt,
  type Bytes,
  decodeSignedImage,
  err,
  ok,
  publicKey,
  type Result,
} from '@tallystick/protocol';
import type { EffectAnswer } from '@tallystick/trusted-app';
import { launch, type LaunchOptions } from '../image/launch.ts';
import type { KeyKind } from '../node/key-files.ts';
import { nativeVerifier } from '../node/native-crypto.ts';
import { refusingHardware } from '../node/hardware.ts';
import type { Attester, Element } from '../port.ts';
import { lastWords } from './answers.ts';
import {
  type Call,
  decodeRequest,
  encodeResponse,
  type MessagePort,
  type OpenRequest,
  type Request,
  type Response,
} from './port.ts';
import { processPort } from './process-port.ts';
import { SealedHost } from './sealed-host.ts';
import type { Sealer } from './sealer.ts';
import { EMPTY } from './content.ts';

/** What makes one isolated environment another than the next. */
export interface Isolation<K> {
  /** As enrolments and reports name it. */
  readonly environment: string;
  readonly engine: LaunchOptions['engine'];
  readonly keys: KeyKind<K>;
  /** Hardware that vouches for the keys. */
  readonly attester?: Attester;
  /** Fails with BAD_FIELD where the app's sealing key is missing, or is of no use. */
  readonly sealer: (sealingKey: Bytes | null) => Result<Sealer>;
}

/** Runs an element in this process, whose only way out is the port to its app; the process ends with it. */
export async function runElement<K>(isolate: () => Promise<Isolation<K>>): Promise<void> {
  const port = processPort(process);
  try {
    await serveElement(port, isolate);
  } catch (error) {
    port.send(encodeResponse(lastWords(error)));
  }
  if (process.connected) process.disconnect();
}

/**
 * The element's side of a port: opens one purse, then carries out one command after the other. Resolves
 * when the purse does not open; rejects when the port ends or the element is gone.
 */
async function serveElement<K>(
  port: MessagePort,
  isolate: () => Promise<Isolation<K>>,
): Promise<void> {
  const call = async (what: Call): Promise<EffectAnswer> => {
    port.send(encodeResponse({ kind: 2, call: what }));
    const request = decodeRequest(await port.receive());
    if (request.kind !== 2) throw new TypeError('the app asked for more before it answered');
    return request.answer;
  };
  const first = decodeRequest(await port.receive());
  if (first.kind !== 0) throw new TypeError('the app must open the element first');
  const opened = await refusingHardware(async () => open(first, await isolate(), call));
  if (!opened.ok) {
    const { code, message } = opened.error;
    port.send(encodeResponse({ kind: 1, code, message }));
    return;
  }
  const element = opened.value;
  port.send(encodeResponse({ kind: 0, measurement: await element.measurement() }));
  for (;;) {
    port.send(encodeResponse(await respond(element, decodeRequest(await port.receive()))));
  }
}

async function respond(element: Element, request: Request): Promise<Response> {
  switch (request.kind) {
    case 1:
      return { kind: 3, reply: await element.execute(request.command) };
    case 3:
      return { kind: 5, introduction: (await element.attester?.introduce()) ?? null };
    case 4:
      return { kind: 6, challenge: (await element.attester?.activate(request.credential)) ?? null };
    default:
      throw new TypeError('the app answered what nobody asked');
  }
}

async function open<K>(
  { image, publisherAlg, publisherKey, stretchCost, ...kept }: OpenRequest,
  { environment, engine, keys, sealer: toSealer, attester }: Isolation<K>,
  call: (what: Call) => Promise<EffectAnswer>,
): Promise<Result<Element>> {
  const offered = attempt(() => (image === null ? null : decodeSignedImage(image)));
  if (!offered.ok) return offered;
  const publisher = attempt(() => publicKey(publisherAlg, publisherKey));
  if (!publisher.ok) return publisher;
  const made = toSealer(kept.sealingKey);
  if (!made.ok) return made;
  const sealer = made.value;
  const counted = kept.pending === null ? ok(false) : await sealer.counts(kept.pending);
  if (!counted.ok) return counted;
  const isPending = counted.value;
  const logEnd = await call({ kind: 5, isPending });
  if (typeof logEnd !== 'number') return err('STORAGE_FAILED', 'the app cannot open its storage');
  const sealed = isPending ? kept.pending : kept.sealed;
  const content = sealed === null ? ok(EMPTY) : await sealer.open(sealed);
  if (!content.ok) return content;
  const options = { logEnd, keys, sealer, stretchCost, call };
  const host = await SealedHost.on(
    content.value,
    attester === undefined ? options : { ...options, attester },
  );
  if (host === null) return err('TAMPERED', 'a key under the seal cannot be used here');
  return launch(host, {
    environment,
    publisher: publisher.value,
    ...(offered.value === null ? {} : { image: offered.value }),
    engine,
    verify: nativeVerifier(1),
  });
}
