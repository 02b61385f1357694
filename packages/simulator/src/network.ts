import type { Backend, Outcome } from '@tallystick/backend/core';
import {
  type Bytes,
  credential,
  decodeBody,
  decodeReply,
  encodeBody,
  encodeUpload,
  enrolmentReply,
  enrolmentRequest,
  introduction as introductionCodec,
  loadReply,
  renewalRequest,
} from '@tallystick/protocol';
import type { BackendPort, WalletFailure, WalletResult } from '@tallystick/wallet';
import type { Fate } from './fate.ts';
import type { FaultCounts } from './faults.ts';
import type { Office } from './office.ts';
import type { Schedule } from './schedule.ts';

const LATENCY_MS = 150;

/** What a device's connection is made of. */
export interface Connection {
  readonly schedule: Schedule;
  readonly office: Office;
  /** Name of the device. */
  readonly name: string;
  /** What goes wrong in what the device does now. */
  readonly fate: () => Fate;
  readonly counts: FaultCounts;
  readonly isOnline: () => boolean;
  /** Told of every certificate that is issued to this device. */
  readonly certified: (certificate: Bytes) => void;
}

/**
 * The way to the backend: requests and replies are delayed and lost, uploads also arrive twice, the
 * second time long after. What was carried out and what was only lost look the same from here.
 */
export function simulatedNetwork(connection: Connection): BackendPort {
  const { office, fate, name } = connection;
  const call = <T>(
    run: (ask: Ask) => Promise<Outcome<Bytes> | null>,
    read: (bytes: Bytes) => T,
  ): Promise<WalletResult<T>> => exchange(connection, run, read);
  /** A genuine list of before, for whoever wants to keep revocations from this device. */
  let kept: Bytes | null = null;
  let uploads = 0;
  const same = (bytes: Bytes): Bytes => bytes;
  const found = async (value: Bytes): Promise<Outcome<Bytes>> => ({ ok: true, value });
  return {
    challenge: () => call((ask) => ask((backend) => found(backend.challenge())), same),
    sealedChallenge: (introduction) =>
      call(
        (ask) =>
          ask((backend) => backend.sealedChallenge(encodeBody(introductionCodec, introduction))),
        (bytes) => decodeBody(credential, bytes),
      ),
    enrol: (request) =>
      call(
        (ask) =>
          certifying(
            connection,
            ask((backend) => backend.enrol(encodeBody(enrolmentRequest, request))),
            (bytes) => decodeBody(enrolmentReply, bytes).certificate,
          ),
        (bytes) => decodeBody(enrolmentReply, bytes),
      ),
    load: (request) =>
      call(
        () => office.load(request, fate()),
        (bytes) => decodeBody(loadReply, bytes),
      ),
    sync: (upload) => {
      const body = encodeUpload(upload);
      const mine = ++uploads;
      const isSuppressed = fate().strikes('listsSuppressed', name);
      return call(
        () => deliverUpload(connection, body, () => uploads > mine),
        (bytes) => (isSuppressed ? { ...decodeReply(bytes), list: null } : decodeReply(bytes)),
      );
    },
    renew: (request) =>
      call(
        (ask) =>
          certifying(
            connection,
            ask((backend) => backend.renew(encodeBody(renewalRequest, request))),
            same,
          ),
        same,
      ),
    statusList: () => {
      const isSuppressed = kept !== null && fate().strikes('listsSuppressed', name);
      return call(
        (ask) => ask(async (backend) => found(await backend.list())),
        (bytes) => {
          kept = isSuppressed ? (kept ?? bytes) : bytes;
          return kept;
        },
      );
    },
    policy: () => call((ask) => ask((backend) => found(backend.authority.policy.wire)), same),
  };
}

function fail(
  code: WalletFailure['code'],
  message: string,
  reason?: string,
): { ok: false; error: WalletFailure } {
  return { ok: false, error: reason === undefined ? { code, message } : { code, message, reason } };
}

/** Tells of a certificate before its reply can be lost. */
async function certifying(
  { certified }: Connection,
  issuing: Promise<Outcome<Bytes> | null>,
  certificateIn: (bytes: Bytes) => Bytes,
): Promise<Outcome<Bytes> | null> {
  const outcome = await issuing;
  if (outcome?.ok === true) certified(certificateIn(outcome.value));
  return outcome;
}

/** Has the backend do something, with what goes wrong for this device at this moment. */
type Ask = (work: (backend: Backend) => Promise<Outcome<Bytes>>) => Promise<Outcome<Bytes> | null>;

async function exchange<T>(
  connection: Connection,
  run: (ask: Ask) => Promise<Outcome<Bytes> | null>,
  read: (bytes: Bytes) => T,
): Promise<WalletResult<T>> {
  const { schedule, office, name, isOnline } = connection;
  const fate = connection.fate();
  if (!isOnline() || office.isOut) return fail('BACKEND_UNREACHABLE', 'offline');
  await pause(schedule, LATENCY_MS + (fate.extent('messagesDelayed', name, 20_000) ?? 0));
  if (fate.strikes('requestsLost', name)) {
    return fail('BACKEND_UNREACHABLE', 'the request was lost');
  }
  const outcome = await run((work) => office.ask(work, fate));
  if (outcome === null) return fail('BACKEND_UNREACHABLE', 'the backend failed');
  await pause(schedule, LATENCY_MS);
  if (fate.strikes('repliesLost', name)) {
    return fail('BACKEND_UNREACHABLE', 'the reply was lost');
  }
  return outcome.ok
    ? { ok: true, value: read(outcome.value) }
    : fail('BACKEND_REFUSED', outcome.error.message, outcome.error.code);
}

/** An upload, sometimes held up on its way, sometimes delivered again, perhaps after a newer one. */
async function deliverUpload(
  connection: Connection,
  body: Bytes,
  isOvertaken: () => boolean,
): Promise<Outcome<Bytes> | null> {
  const { schedule, office, name, counts } = connection;
  const fate = connection.fate();
  const delay = fate.extent('uploadsDelayed', name, 3_600_000);
  if (delay !== null) await pause(schedule, delay);
  const again = fate.extent('uploadsRepeated', name, 86_400_000);
  if (again !== null) {
    schedule.after(again, () => {
      if (isOvertaken()) counts.uploadsReordered++;
      office
        .ask((backend) => backend.sync(body), fate)
        .catch((error: unknown) => office.failures.push(error));
    });
  }
  return office.ask((backend) => backend.sync(body), fate);
}

function pause(schedule: Schedule, ms: number): Promise<void> {
  return new Promise((resolve) => {
    schedule.after(ms, resolve);
  });
}
