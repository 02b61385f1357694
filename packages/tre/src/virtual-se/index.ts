import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type Bytes, encodeSignedImage, err, ok, type Result } from '@tallystick/protocol';
import type { EffectAnswer } from '@tallystick/trusted-app';
import type { Boot, Core, Turn } from '../core.ts';
import { hostElement } from '../element.ts';
import type { Folder } from '../node/folder.ts';
import type { FolderHost, HostOptions, KeyStore } from '../node/host.ts';
import { hostIn, type ImageOptions, inDirectory } from '../node/open.ts';
import { SEALED_BYTES } from '../node/state-file.ts';
import { STRETCH_COST } from '../node/stretch.ts';
import type { Element } from '../port.ts';
import {
  type Call,
  decodeResponse,
  encodeRequest,
  type MessagePort,
  type Request,
  type Response,
} from './port.ts';
import { processPort } from './process/process-port.ts';
import { spawnElement } from './process/spawn.ts';

export { passphraseKey, tpmKey } from './sealing-keys.ts';

/** Name of this environment in enrolments and reports. */
export { VIRTUAL_SE } from './inside.ts';

export interface VirtualElementOptions extends HostOptions, ImageOptions {
  /** 32 bytes that the platform keeps, and that the state is sealed under; see {@link passphraseKey}, {@link tpmKey}. */
  readonly sealingKey: Bytes;
}

/** The slowest command hashes a PIN; an element that is silent for longer is dead. */
const PATIENCE_MS = 60_000;

/**
 * Opens a purse in a virtual secure element: the trusted application in a virtual machine of its own
 * (QuickJS in WebAssembly), in a process of its own with Node's permission model on, which alone has the
 * keys and the state in the clear. This process keeps the sealed state, and passes bytes.
 *
 * What it stops is whoever has the files. It does not stop root, or whoever may debug the process; and
 * an old sealed state opens like a new one.
 *
 * Fails with BUSY, STORAGE_FAILED, TAMPERED (the state was changed, or sealed under another key), and
 * what an image may be refused with (TS-IMG-2, TS-IMG-3).
 *
 * @param options.directory where sealed state and log lie; made where there is none, on a local file system
 */
export function openVirtualElement(
  options: VirtualElementOptions & { readonly directory: string },
): Promise<Result<Element>> {
  return inDirectory(options.directory, (folder) => openVirtualElementIn(folder, options));
}

/** The same, in a folder that is the element's from then on. */
export async function openVirtualElementIn(
  folder: Folder,
  options: VirtualElementOptions,
): Promise<Result<Element>> {
  const host = await hostIn(folder, STORAGE, options);
  return host.ok ? openOn(host.value, options) : host;
}

/** The keys of a virtual secure element are under its seal: storage has none. */
const STORAGE = {
  openKeys: async (): Promise<Result<KeyStore>> => ok(NO_KEYS),
};
const NO_KEYS: KeyStore = {
  generate: () => Promise.reject(new TypeError('storage makes no keys')),
  sign: () => Promise.reject(new TypeError('storage has no keys')),
  stage: async () => [],
  keep: async () => undefined,
  drop: async () => undefined,
};

function openOn(host: FolderHost, options: VirtualElementOptions): Promise<Result<Element>> {
  let line: Line | null = null;
  const around = {
    load: () => host.load(),
    truncateLog: (end: number) => host.truncateLog(end),
    carryOut: (effect: Parameters<FolderHost['carryOut']>[0]) => host.carryOut(effect),
    close: async () => {
      await line?.hangUp();
      await host.close();
    },
  };
  const boot: Boot = async ({ state, logEnd }) => {
    line = new Line(await spawnElement());
    const { publisher, image, sealingKey, stretchCost = STRETCH_COST } = options;
    const answered = await line.converse(
      {
        kind: 0,
        publisherAlg: publisher.alg,
        publisherKey: publisher.bytes,
        image: image === undefined ? null : encodeSignedImage(image),
        sealingKey,
        sealed: state,
        logEnd,
        stretchCost,
      },
      (call) => answerWhileOpening(host, call),
    );
    if (answered.kind === 1) return err(answered.code, answered.message);
    if (answered.kind !== 0) throw new Error('the element did not open');
    const { measurement } = answered;
    return ok({ core: new ElementCore(line), measurement, logEnd: (await host.load()).logEnd });
  };
  return hostElement(around, boot, SEALED_BYTES);
}

async function answerWhileOpening(host: FolderHost, call: Call): Promise<EffectAnswer> {
  switch (call.kind) {
    case 1:
      return host.readCode();
    case 2:
      return host.install(call, call.sealed);
    case 3:
      await host.truncateLog(call.end);
      return true;
    default:
      throw new Error('the element asked for an effect before it was open');
  }
}

/** The trusted application on the other side of a line: what it calls for are its effects. */
class ElementCore implements Core {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  async command(command: Bytes): Promise<Turn> {
    return toTurn(await this.#line.ask({ kind: 1, command }));
  }

  async answer(answer: EffectAnswer): Promise<Turn> {
    return toTurn(await this.#line.ask({ kind: 2, answer }));
  }
}

function toTurn(response: Response): Turn {
  if (response.kind === 3) return { reply: response.reply };
  if (response.kind !== 2 || response.call.kind !== 0) {
    throw new Error('the element neither asked nor replied');
  }
  const { effect } = response.call;
  // What the app may not carry out it must not be made to, whatever runs on the other side.
  if (!FOR_THE_APP.has(effect.kind))
    throw new Error(`the element asked the app for ${effect.kind}`);
  return { effect };
}

const FOR_THE_APP: ReadonlySet<string> = new Set(['clock', 'assert-holder', 'read-log', 'commit']);

/** The line to an element's process: one request, one response, in bounded time. */
class Line {
  readonly #child: ChildProcess;
  readonly #port: MessagePort;
  readonly #ended: Promise<unknown>;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#port = processPort(child);
    this.#ended = once(child, 'exit').catch(() => undefined);
  }

  async ask(request: Request): Promise<Response> {
    this.#port.send(encodeRequest(request));
    const response = decodeResponse(await this.#next());
    if (response.kind !== 4) return response;
    throw new Error(`the virtual secure element ended: ${response.message}`);
  }

  /** Asks, and answers whatever is asked back, until the response. */
  async converse(
    request: Request,
    answer: (call: Call) => Promise<EffectAnswer>,
  ): Promise<Response> {
    let response = await this.ask(request);
    while (response.kind === 2) {
      response = await this.ask({ kind: 2, answer: await answer(response.call) });
    }
    return response;
  }

  async #next(): Promise<Bytes> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const why = new Error('the virtual secure element does not answer');
      timer = setTimeout(() => reject(why), PATIENCE_MS);
    });
    try {
      return await Promise.race([late, this.#port.receive()]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the process: it keeps nothing that is not stored. */
  async hangUp(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
