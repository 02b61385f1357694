import {
  type Bytes,
  decodeBody,
  decodeReply,
  loadReply,
  type SyncReply,
} from '@tallystick/protocol';
import { Device } from '../../service/testing/device.ts';
import type { AuditView } from '../views/audit.ts';
import { TOKEN } from './client.ts';

/** The backend over a socket, as devices and operators reach it. */
export interface Remote {
  /** A device with a purse at a fresh account; it runs the image of tests, unless another is named. */
  enrol(name: string, participant: string, balance: bigint, image?: Bytes): Promise<Device>;
  load(device: Device, amount: bigint, now: number): Promise<void>;
  sync(device: Device): Promise<SyncReply>;
  /** POST of CBOR; rejects on anything but 200. */
  send(path: string, body: Bytes): Promise<Bytes>;
  read<T>(path: string): Promise<T>;
  audit(): Promise<AuditView>;
}

/** @param token the operator's */
export function remoteAt(url: string, token: string = TOKEN): Remote {
  const authorization = `Bearer ${token}`;

  async function send(path: string, body: Bytes): Promise<Bytes> {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      body: Uint8Array.from(body),
      headers: { 'content-type': 'application/cbor' },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return new Uint8Array(await response.arrayBuffer());
  }

  return {
    send,
    read: async <T>(path: string) =>
      (await (await fetch(`${url}${path}`, { headers: { authorization } })).json()) as T,
    audit: async () => {
      const init = { method: 'POST', headers: { authorization } };
      return (await (await fetch(`${url}/v1/audits`, init)).json()) as AuditView;
    },
    enrol: async (name, participant, balance, image) => {
      const money = { amount: balance.toString(), currency: 'EUR' };
      const opened = await fetch(`${url}/v1/accounts`, {
        method: 'POST',
        body: JSON.stringify({ participant, account: name, balance: money }),
        headers: { authorization, 'content-type': 'application/json' },
      });
      if (!opened.ok) throw new Error(`the account was refused: ${await opened.text()}`);
      const device = new Device(name);
      if (image !== undefined) device.measurement = image;
      const challenge = await send('/v1/enrolment-challenges', new Uint8Array(0));
      const request = device.enrolmentRequest(challenge, participant, name);
      device.personalise(await send('/v1/enrolments', request));
      return device;
    },
    load: async (device, amount, now) => {
      const request = device.request(amount, now + 600);
      const reply = decodeBody(loadReply, await send('/v1/loads', request));
      device.receive(reply.payment, request);
    },
    sync: async (device) => decodeReply(await send('/v1/syncs', device.upload())),
  };
}
