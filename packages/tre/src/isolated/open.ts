import type { ChildProcess } from 'node:child_process';
import { type Bytes, encodeSignedImage, ok, type Result } from '@tallystick/protocol';
import type { EffectAnswer } from '@tallystick/trusted-app';
import { hostElement } from '../element.ts';
import type { Folder } from '../node/folder.ts';
import {
  finishPending,
  type FolderHost,
  type HostOptions,
  type KeptStates,
  type KeyStore,
  readStates,
} from '../node/host.ts';
import type { ImageOptions } from '../image/launch.ts';
import { hostIn } from '../node/open.ts';
import { SEALED_BYTES } from './content.ts';
import { STRETCH_COST } from '../surroundings.ts';
import type { Element, Host } from '../port.ts';
import { IsolatedCore } from './core.ts';
import { Line } from './line.ts';
import type { Call } from './port.ts';

/** An element's process, and what its app must know for it. */
export interface Isolated {
  readonly start: () => Promise<ChildProcess>;
  /** What its state is sealed under, where that is the app's to know. */
  readonly sealingKey: Bytes | null;
}

/**
 * Opens a purse whose trusted application runs in a process of its own, which alone has the state in the
 * clear. This process keeps it sealed, and passes bytes. The folder is the element's from then on.
 */
export async function openIsolated(
  folder: Folder,
  isolated: Isolated,
  options: HostOptions & ImageOptions,
): Promise<Result<Element>> {
  const opened = await new Opening(folder, isolated, options).run();
  if (!opened.ok) return opened;
  const { host, line, measurement } = opened.value;
  const core = new IsolatedCore(line, () => host.finish());
  const { logEnd } = await host.load();
  return hostElement(storageOf(host, line), () => ok({ core, measurement, logEnd }), SEALED_BYTES);
}

/** What an isolated element's commits need of a folder: they end only when the element finishes them. */
function storageOf(host: FolderHost, line: Line): Host {
  return {
    attester: line,
    load: () => host.load(),
    truncateLog: (end) => host.truncateLog(end),
    carryOut: (effect) => (effect.kind === 'commit' ? host.prepare(effect) : host.carryOut(effect)),
    close: async () => {
      await line.hangUp();
      await host.close();
    },
  };
}

/** The keys of an isolated element are under its seal, or in hardware: storage has none. */
const STORAGE = {
  openKeys: async (): Promise<Result<KeyStore>> => ok(NO_KEYS),
};
const NO_KEYS: KeyStore = {
  generate: () => Promise.reject(new TypeError('storage makes no keys')),
  sign: () => Promise.reject(new TypeError('storage has no keys')),
  attest: () => Promise.reject(new TypeError('storage vouches for no keys')),
  stage: async () => [],
  keep: async () => undefined,
  drop: async () => undefined,
};

/** What a purse has once its element has opened it. */
interface Opened {
  readonly host: FolderHost;
  readonly line: Line;
  readonly measurement: Bytes;
}

/** A purse on its way from a folder to its first command; whatever fails closes all of it. */
class Opening {
  readonly #folder: Folder;
  readonly #isolated: Isolated;
  readonly #options: HostOptions & ImageOptions;
  #line: Line | null = null;
  /** Storage, from when the element has said which state counts; it fails as a host does. */
  #host: Result<FolderHost> | null = null;

  constructor(folder: Folder, isolated: Isolated, options: HostOptions & ImageOptions) {
    this.#folder = folder;
    this.#isolated = isolated;
    this.#options = options;
  }

  async run(): Promise<Result<Opened>> {
    try {
      const states = await readStates(this.#folder);
      const opened = states.ok ? await this.#open(states.value) : states;
      if (!opened.ok) await this.#abandon();
      return opened;
    } catch (error) {
      await this.#abandon();
      throw error;
    }
  }

  async #open({ committed, pending }: KeptStates): Promise<Result<Opened>> {
    const { publisher, image, stretchCost = STRETCH_COST } = this.#options;
    const line = new Line(await this.#isolated.start());
    this.#line = line;
    const response = await line.converse(
      {
        kind: 0,
        publisherAlg: publisher.alg,
        publisherKey: publisher.bytes,
        image: image === undefined ? null : encodeSignedImage(image),
        sealingKey: this.#isolated.sealingKey,
        sealed: committed.state,
        pending: pending?.state ?? null,
        stretchCost,
      },
      (call) => this.#answer(call),
    );
    if (this.#host?.ok === false) return this.#host;
    if (response.kind === 1) {
      const { code, message } = response;
      return { ok: false, error: { code, message } };
    }
    if (response.kind !== 0 || this.#host === null) throw new Error('the element did not open');
    return ok({ host: this.#host.value, line, measurement: response.measurement });
  }

  async #answer(call: Call): Promise<EffectAnswer> {
    if (call.kind === 5 && this.#host === null) return this.#settle(call.isPending);
    if (this.#host?.ok !== true) throw new Error('the element has not settled which state counts');
    const host = this.#host.value;
    switch (call.kind) {
      case 1:
        return host.readCode();
      case 2:
        return host.prepareImage(call, call.sealed);
      case 3:
        await host.truncateLog(call.end);
        return true;
      case 4:
        await host.finish();
        return true;
      default:
        throw new Error('the element asked for an effect before it was open');
    }
  }

  /** Where the log of the state ends that counts; null where storage does not open. */
  async #settle(isPending: boolean): Promise<number | null> {
    if (isPending) await finishPending(this.#folder);
    this.#host = await hostIn(this.#folder, STORAGE, this.#options);
    return this.#host.ok ? (await this.#host.value.load()).logEnd : null;
  }

  async #abandon(): Promise<void> {
    await this.#line?.hangUp();
    // A host that does not open has closed the folder.
    if (this.#host === null) await this.#folder.close();
    else if (this.#host.ok) await this.#host.value.close();
  }
}
