import { readFile } from 'node:fs/promises';
import {
  type Bytes,
  decodeBody,
  decodeReply,
  loadReply,
  sha256,
  type SyncReply,
} from '@tallystick/protocol';
import { createMemoryKeys } from '../../authority/memory-keys.ts';
import type { RandomBytes } from '../../authority/keys.ts';
import type { Outcome } from '../../outcome.ts';
import { createSandboxRail } from '../../rail/sandbox-rail.ts';
import { SANDBOX_SCHEME } from '../../scheme/node-scheme-file.ts';
import { parseScheme } from '../../scheme/parse-scheme.ts';
import type { Scheme } from '../../scheme/scheme.ts';
import { openStaff, type Staff } from '../../staff/staff.ts';
import { createMemoryStore } from '../../store/memory.ts';
import type { Store } from '../../store/port.ts';
import { softwareVerifier } from '../../verification/software.ts';
import { type Backend, createBackend } from '../backend.ts';
import { Device, IMAGE_CODE } from './device.ts';

/** Where a test's clock starts: 2027-01-01T00:00:00Z. */
export const START = 1_798_761_600;

/** A backend in memory whose clock and randomness a test holds. */
export interface World {
  readonly backend: Backend;
  readonly store: Store;
  readonly staff: Staff;
  readonly scheme: Scheme;
  readonly clock: { now: number };
  readonly failures: unknown[];
  /** A device with a purse at a fresh account that holds `balance`. */
  enrol(name: string, options?: EnrolOptions): Promise<Device>;
  /** Loads the purse and has it take the money; returns the payment. */
  load(device: Device, amount: bigint): Promise<Bytes>;
  sync(device: Device, options?: Parameters<Device['upload']>[0]): Promise<SyncReply>;
  balance(name: string, participant?: string): Promise<bigint>;
}

interface EnrolOptions {
  readonly participant?: string;
  readonly balance?: bigint;
  readonly acceptancePoint?: string;
  readonly alg?: Device['alg'];
}

export async function readSandboxScheme(): Promise<Scheme> {
  return parseScheme(JSON.parse(await readFile(SANDBOX_SCHEME, 'utf8')));
}

/** Bytes that look random and are the same in every run. */
export function seededRandom(seed: string): RandomBytes {
  let drawn = 0;
  return (length) => {
    const block = sha256(new TextEncoder().encode(`${seed} ${drawn++}`));
    return length <= block.length
      ? block.slice(0, length)
      : Uint8Array.of(...block, ...sha256(block)).slice(0, length);
  };
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
}

export async function createWorld(
  store: Store = createMemoryStore(),
  change: Partial<Scheme> = {},
  ownImage: Bytes = IMAGE_CODE,
): Promise<World> {
  const scheme = { ...(await readSandboxScheme()), ...change };
  const clock = { now: START };
  const failures: unknown[] = [];
  const random = seededRandom('world');
  const backend = await createBackend({
    scheme,
    store,
    keys: createMemoryKeys(random),
    rail: createSandboxRail(store),
    verifyMany: softwareVerifier,
    clock: () => clock.now,
    random,
    ownImage,
    onFailure: (error) => failures.push(error),
  });
  const staff = await openStaff({ store, clock: () => clock.now, random });
  const homes = new Map<string, string>();

  return {
    backend,
    store,
    staff,
    scheme,
    clock,
    failures,
    enrol: async (name, options = {}) => {
      const { participant = 'ALPHSESS', balance = 100_000n, acceptancePoint = null, alg } = options;
      homes.set(name, participant);
      const account = { participant, account: name, currency: 978, balance, acceptancePoint };
      valueOf(await backend.rail.open(account));
      const device = new Device(name, alg);
      const request = device.enrolmentRequest(backend.challenge(), participant, name);
      device.personalise(valueOf(await backend.enrol(request)));
      return device;
    },
    load: async (device, amount) => {
      const request = device.request(amount, clock.now + 60);
      const reply = decodeBody(loadReply, valueOf(await backend.load(request)));
      device.receive(reply.payment, request);
      return reply.payment;
    },
    sync: async (device, options) =>
      decodeReply(valueOf(await backend.sync(device.upload(options)))),
    balance: async (name, participant = homes.get(name) ?? 'ALPHSESS') =>
      (await backend.rail.account({ participant, account: name }))?.balance ?? 0n,
  };
}
