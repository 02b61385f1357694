import { readFileSync } from 'node:fs';
import {
  type Backend,
  createBackend,
  createMemoryKeys,
  createMemoryStore,
  createNativeVerifier,
  createSandboxRail,
  type Outcome,
  parseScheme,
} from '@tallystick/backend';
import {
  type Bytes,
  credential,
  decodeBody,
  decodePurseCertificate,
  decodeReply,
  encodeBody,
  encodeCbor,
  encodeSigned,
  encodeUpload,
  enrolmentReply,
  enrolmentRequest,
  equal,
  introduction as introductionCodec,
  loadReply,
  renewalRequest,
  sha256,
  toBeSigned,
  toHex,
} from '@tallystick/protocol';
import { softwarePublicKey, softwareSign } from '@tallystick/protocol/software';
import {
  copyDisk,
  emptyDisk,
  type MemoryDisk,
  memoryHost,
  openElement,
  seededRandom,
} from '@tallystick/tre';
import {
  type BackendPort,
  createWallet,
  memoryStore,
  type PendingStore,
  type Timer,
  type Wallet,
  type WalletResult,
} from '@tallystick/wallet';
import { mustHold } from '../engine/target.ts';
import type { Sign } from './cast.ts';

const SCHEME = parseScheme(
  JSON.parse(readFileSync(new URL('../../schemes/sandbox.json', import.meta.url), 'utf8')),
);
const NOW = 1_800_000_000;
const verify = createNativeVerifier(256);

/** Time stands still: what waits for an alarm waits for its link to end. */
const timer: Timer = {
  now: () => NOW,
  after: () => ({ rang: new Promise(() => undefined), cancel: () => undefined }),
};

/** What stands for the code of the trusted application's image. */
const IMAGE_CODE = encodeCbor('fuzzed image');

export interface World {
  readonly backend: Backend;
  /** Everything that devices sent the backend so far. */
  readonly sent: { readonly call: Call; readonly body: Bytes }[];
  readonly failures: unknown[];
  /** A device whose purse is enrolled and holds 100.00. */
  device(name: string): Promise<Device>;
}

export type Call = 'sealedChallenge' | 'enrol' | 'load' | 'sync' | 'renew';

/** The real backend on the memory store, with the clock stopped. */
export async function makeWorld(): Promise<World> {
  const store = createMemoryStore();
  const random = seededRandom('fuzzed world');
  const failures: unknown[] = [];
  const sent: { call: Call; body: Bytes }[] = [];
  const rail = createSandboxRail(store);
  const backend = await createBackend({
    scheme: SCHEME,
    store,
    keys: createMemoryKeys(random),
    rail,
    verifyMany: async (checks) => checks.map(verify),
    clock: () => NOW,
    random,
    ownImage: IMAGE_CODE,
    onFailure: (error) => failures.push(error),
  });
  const port = portOf(backend, (call, body) => sent.push({ call, body }));
  const device = async (name: string): Promise<Device> => {
    const participant = SCHEME.participants[0]?.code ?? '';
    const account = { participant, account: name, currency: SCHEME.currency, balance: 100_000n };
    mustHold((await rail.open({ ...account, acceptancePoint: null })).ok, 'an account opens');
    const made = new Device(name, port);
    const wallet = await made.wallet();
    const enrolled = await wallet.enrol({ participant, account: name });
    mustHold(enrolled.ok, `enrolment: ${enrolled.ok ? '' : enrolled.error.message}`);
    const loaded = await wallet.load(10_000n);
    mustHold(loaded.ok, `load: ${loaded.ok ? '' : loaded.error.message}`);
    return made;
  };
  return { backend, sent, failures, device };
}

function portOf(backend: Backend, tell: (call: Call, body: Bytes) => void): BackendPort {
  async function send<T>(
    call: Call,
    body: Bytes,
    read: (bytes: Bytes) => T,
  ): Promise<WalletResult<T>> {
    tell(call, body);
    return readOutcome(await backend[call](body), read);
  }
  const same = (bytes: Bytes): Bytes => bytes;
  return {
    challenge: async () => ({ ok: true, value: backend.challenge() }),
    sealedChallenge: (introduction) =>
      send('sealedChallenge', encodeBody(introductionCodec, introduction), (bytes) =>
        decodeBody(credential, bytes),
      ),
    enrol: (request) =>
      send('enrol', encodeBody(enrolmentRequest, request), (bytes) =>
        decodeBody(enrolmentReply, bytes),
      ),
    load: (request) => send('load', request, (bytes) => decodeBody(loadReply, bytes)),
    sync: (upload) => send('sync', encodeUpload(upload), decodeReply),
    renew: (request) => send('renew', encodeBody(renewalRequest, request), same),
    statusList: async () => ({ ok: true, value: await backend.list() }),
    policy: async () => ({ ok: true, value: backend.authority.policy.wire }),
  };
}

function readOutcome<T>(outcome: Outcome<Bytes>, read: (bytes: Bytes) => T): WalletResult<T> {
  if (outcome.ok) return { ok: true, value: read(outcome.value) };
  const { code: reason, message } = outcome.error;
  return { ok: false, error: { code: 'BACKEND_REFUSED', message, reason } };
}

/** A purse on a disk in memory, that can be put back to how it was. */
export class Device {
  disk: MemoryDisk = emptyDisk();
  store: PendingStore = memoryStore();
  readonly #name: string;
  readonly #port: BackendPort;

  constructor(name: string, port: BackendPort) {
    this.#name = name;
    this.#port = port;
  }

  /** Switched on, with the same randomness each time. */
  async wallet(): Promise<Wallet> {
    const environment = SCHEME.environments[0]?.environment ?? '';
    const measurement = sha256(IMAGE_CODE);
    const random = seededRandom(this.#name);
    const host = memoryHost({ disk: this.disk, random, clock: () => NOW, verify });
    const element = await openElement(host, { environment, measurement });
    mustHold(element.ok, 'the element opens');
    return createWallet({
      element: element.value,
      backend: this.#port,
      pendingStore: this.store,
      timer,
      random: seededRandom(`${this.#name}, wallet`),
    });
  }

  /** This purse's own key, at the service of whoever wants something signed. */
  async signers(): Promise<ReadonlyMap<string, Sign>> {
    const status = await (await this.wallet()).purse.status();
    mustHold(status.ok, 'the purse says how it is');
    const { ref, key } = decodePurseCertificate(status.value.certificate);
    const own = [...this.disk.keys.values()].find(
      ({ alg, secret }) =>
        alg === key.alg && equal(softwarePublicKey(alg, secret).bytes, key.bytes),
    );
    mustHold(own !== undefined, 'the purse has its key');
    const sign: Sign = (message) => {
      const record = { ...message, alg: own.alg, kid: ref };
      const signature = softwareSign(own.alg, own.secret, toBeSigned(record));
      return encodeSigned({ ...record, signature });
    };
    return new Map([[toHex(ref), sign]]);
  }

  keep(): MemoryDisk {
    return copyDisk(this.disk);
  }

  async keepStore(): Promise<ReadonlyMap<string, Bytes>> {
    const values = new Map<string, Bytes>();
    for (const key of await this.store.list('')) {
      values.set(key, (await this.store.get(key)) ?? new Uint8Array(0));
    }
    return values;
  }

  async putBack(disk: MemoryDisk, values: ReadonlyMap<string, Bytes>): Promise<void> {
    this.disk = copyDisk(disk);
    this.store = memoryStore();
    for (const [key, value] of values) await this.store.put(key, value);
  }
}
