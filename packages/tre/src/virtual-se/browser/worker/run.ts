import {
  attempt,
  type Bytes,
  decodeSignedImage,
  fromHex,
  publicKey,
  type Result,
  type Seconds,
} from '@tallystick/protocol';
import { openInBrowser } from '../../../browser/open.ts';
import type { Element } from '../../../port.ts';
import type { Surroundings } from '../../../surroundings.ts';
import { VIRTUAL_SE } from '../../name.ts';
import { channelPort } from '../channel.ts';
import type { ElementConfiguration } from '../../configuration.ts';
import type { OpenRequest } from '../contract.ts';
import { ALIVE, type Assignment } from '../handshake.ts';
import { serveFrame } from '../serve.ts';
import { sealedVault } from '../vault.ts';

/** What a worker's program brings along. */
export interface WorkerParts {
  readonly configuration: ElementConfiguration;
  readonly machine: Bytes;
  readonly clock: () => Seconds | null;
}

/** Takes up what the element's document assigns, serves it to its end, and ends the worker. */
export function runWorker(parts: WorkerParts): void {
  onmessage = ({ data, ports: [port] }: MessageEvent<Assignment>) => {
    onmessage = null;
    if (port === undefined) throw new TypeError('the document assigned no port');
    const alive = navigator.locks.request(data.life, () => {
      postMessage(ALIVE);
      return new Promise<never>(() => undefined);
    });
    const served = serveFrame(channelPort(port), (request, attest) =>
      openFor(data.app, request, { ...parts, attest }),
    );
    Promise.race([alive, served]).then(close, close);
  };
}

async function openFor(
  app: string,
  { purse, image }: OpenRequest,
  { configuration, machine, clock, attest }: WorkerParts & Pick<Surroundings, 'attest'>,
): Promise<Result<Element>> {
  const offered = attempt(() => (image === null ? null : decodeSignedImage(image)));
  if (!offered.ok) return offered;
  const { publisher, stretchCost } = configuration;
  return openInBrowser(
    { name: VIRTUAL_SE, vaultIn: sealedVault },
    {
      // No app opens the purse of another, nor learns that there is one.
      purse: `${app} ${purse}`,
      machine,
      clock,
      stretchCost,
      ...(attest === undefined ? {} : { attest }),
      publisher: publicKey(publisher.alg, fromHex(publisher.key) ?? new Uint8Array(0)),
      ...(offered.value === null ? {} : { image: offered.value }),
    },
  );
}
