import { type Bytes, type Currency, ES256, type Seconds } from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import type { Status } from '@tallystick/trusted-app';
import {
  DAY,
  START,
  TEST_POLICY,
  type TestScheme,
  testScheme,
} from '@tallystick/trusted-app/testing';
import { need } from '../failure.ts';
import type { Patience } from '../patience.ts';
import { PurseClient } from '../purse-client.ts';
import { makeParts, type Parts } from '../session/parts.ts';
import { type Certified, TestBackend } from './backend.ts';
import { Device, type Kept } from './device.ts';
import { VirtualTimer } from './virtual-timer.ts';

export const EUR: Currency = TEST_POLICY.currency;
export { DAY, START };

export interface Profile extends Certified {
  readonly participant?: 0 | 1;
  readonly pin?: Bytes;
  /** Minor units to load. */
  readonly load?: bigint;
}

/** A test scheme with its backend and one virtual time. */
export class World {
  readonly timer: VirtualTimer = new VirtualTimer(START);
  readonly backend: TestBackend;

  constructor(scheme: TestScheme = testScheme()) {
    this.backend = new TestBackend(scheme, START);
  }

  /** A device with an enrolled purse and what it loaded. */
  async device(label: string, profile: Profile = {}): Promise<Device> {
    const device = new Device(label, this.timer);
    const purse = new PurseClient(device);
    const { participant = 0 } = profile;
    this.backend.profiles.set(label, profile);
    const challenge = need(await this.backend.challenge());
    const pin = profile.pin ?? null;
    const { enrolment } = need(await purse.prepare({ alg: ES256, challenge, pin }));
    const { code } = this.backend.scheme.participants[participant];
    const reply = need(await this.backend.enrol({ enrolment, participant: code, account: label }));
    need(await purse.personalise(reply));
    const { shelves, profiles } = this.parts(device);
    await profiles.keep(reply);
    await shelves.lists.keep({ list: reply.list, certificate: reply.operator });
    if (profile.load !== undefined) await this.#load(purse, profile.load);
    return device;
  }

  /** A device as it was kept, in this world's time. */
  revive(label: string, kept: Kept): Device {
    return new Device(label, this.timer, kept);
  }

  /** What the wallet on a device works with, freshly started. */
  parts(
    device: Device,
    patience: Partial<Patience> = {},
    draw: ((length: number) => Bytes) | null = null,
  ): Parts {
    const purse = new PurseClient(device);
    return makeParts(purse, device.store, this.timer, patience, softwareVerify, draw);
  }

  /** Lets time pass for the devices and the backend. */
  pass(seconds: Seconds): void {
    this.timer.pass(seconds);
    this.backend.now += seconds;
  }

  async #load(purse: PurseClient, amount: bigint): Promise<void> {
    const expires = this.timer.now() + 600;
    const order = { currency: EUR, amount, expires, isStatic: false };
    const { message: request } = need(await purse.request(order));
    const { payment, issuer: certificate } = need(await this.backend.load(request));
    need(await purse.receive({ payment, certificate, request }, false));
  }
}

export async function statusOf(device: Device): Promise<Status> {
  return need(await new PurseClient(device).status());
}

export async function balanceOf(device: Device): Promise<bigint> {
  return (await statusOf(device)).balance;
}
