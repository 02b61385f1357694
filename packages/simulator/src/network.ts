import type { Outcome } from '@tallystick/backend/core';
import {
  type Bytes,
  decodeBody,
  decodeReply,
  encodeBody,
  encodeUpload,
  enrolmentReply,
  enrolmentRequest,
  loadReply,
  renewalRequest,
} from '@tallystick/protocol';
import type { BackendPort, WalletFailure, WalletResult } from '@tallystick/wallet';
import type { FaultCounts, FaultRates } from './faults.ts';
import type { Office } from './office.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';

const LATENCY_MS = 150;

/** What a device's connection is made of. */
export interface Connection {
  readonly schedule: Schedule;
  readonly office: Office;
  readonly random: Random;
  readonly rates: () => FaultRates;
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
  const { office } = connection;
  const call = <T>(
    run: () => Promise<Outcome<Bytes> | null>,
    read: (bytes: Bytes) => T,
  ): Promise<WalletResult<T>> => exchange(connection, run, read);
  let uploads = 0;
  const same = (bytes: Bytes): Bytes => bytes;
  const found = async (value: Bytes): Promise<Outcome<Bytes>> => ({ ok: true, value });
  return {
    challenge: () => call(() => office.ask((backend) => found(backend.challenge())), same),
    enrol: (request) =>
      call(
        () =>
          certifying(
            connection,
            office.ask((backend) => backend.enrol(encodeBody(enrolmentRequest, request))),
            (bytes) => decodeBody(enrolmentReply, bytes).certificate,
          ),
        (bytes) => decodeBody(enrolmentReply, bytes),
      ),
    load: (request) =>
      call(
        () => office.load(request),
        (bytes) => decodeBody(loadReply, bytes),
      ),
    sync: (upload) => {
      const body = encodeUpload(upload);
      const mine = ++uploads;
      return call(() => deliverUpload(connection, body, () => uploads > mine), decodeReply);
    },
    renew: (request) =>
      call(
        () =>
          certifying(
            connection,
            office.ask((backend) => backend.renew(encodeBody(renewalRequest, request))),
            same,
          ),
        same,
      ),
    statusList: () => call(() => office.ask(async (backend) => found(await backend.list())), same),
    policy: () => call(() => office.ask((backend) => found(backend.authority.policy.wire)), same),
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

async function exchange<T>(
  connection: Connection,
  run: () => Promise<Outcome<Bytes> | null>,
  read: (bytes: Bytes) => T,
): Promise<WalletResult<T>> {
  const { schedule, random, rates, counts, isOnline } = connection;
  if (!isOnline()) return fail('BACKEND_UNREACHABLE', 'offline');
  await pause(schedule, LATENCY_MS + (random.perMille(rates().delay) ? random.int(20_000) : 0));
  if (random.perMille(rates().loseRequest)) {
    counts.messagesLost++;
    return fail('BACKEND_UNREACHABLE', 'the request was lost');
  }
  const outcome = await run();
  if (outcome === null) return fail('BACKEND_UNREACHABLE', 'the backend failed');
  await pause(schedule, LATENCY_MS);
  if (random.perMille(rates().loseReply)) {
    counts.repliesLost++;
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
  const { schedule, office, random, rates, counts } = connection;
  if (random.perMille(rates().delay)) {
    counts.uploadsDelayed++;
    await pause(schedule, random.int(3_600_000));
  }
  if (random.perMille(rates().repeatUpload)) {
    counts.uploadsRepeated++;
    schedule.after(random.int(86_400_000), () => {
      if (isOvertaken()) counts.uploadsReordered++;
      office
        .ask((backend) => backend.sync(body))
        .catch((error: unknown) => office.failures.push(error));
    });
  }
  return office.ask((backend) => backend.sync(body));
}

function pause(schedule: Schedule, ms: number): Promise<void> {
  return new Promise((resolve) => {
    schedule.after(ms, resolve);
  });
}
