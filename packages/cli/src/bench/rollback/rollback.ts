import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  decodeSigned,
  encodeFrame,
  entrySalt,
  headAfter,
  LIMITS,
  recordId,
  requestDigest,
} from '@tallystick/protocol';
import { type Environment, ENVIRONMENTS, teeUncounted } from '../../environments/index.ts';
import { withTemporaryFolder } from '../../server/temporary-folder.ts';
import { HostedPurse } from '../compute/hosted-purse.ts';
import { imageOf } from '../environments/environments.ts';
import type { Group } from '../group.ts';
import type { Lab, StoredOffice } from '../lab.ts';
import { median } from '../median.ts';
import { valueOf } from '../office.ts';
import { type Row, row } from '../row.ts';
import { measureWitnesses } from './witnesses.ts';

/** The first payments warm both sides up. */
const WARM_UP = 3;
/** What a mid-range camera reads in one frame. */
const ONE_CODE_BYTES = 300;
/** An epoch of a purse that has synced for years: three bytes of CBOR, in a statement and in its answer. */
const EPOCH_BYTES = 2 * 3;

/**
 * What each layer against rollback costs: a payment where the TPM counts, held against one in the same
 * environment where it does not; chaining an entry into the log, against the payment that is logged; what
 * a witness does for a payment and in a meeting, with a full memory; and the bytes of the epoch in a sync.
 */
export const ROLLBACK: Group = {
  name: 'rollback',
  rows: [
    'counter/payment',
    'log/chain',
    'witnesses/remember',
    'witnesses/meeting',
    'witnesses/frame',
    'epoch/sync',
  ],
  measure: async (lab, isWanted) => {
    const office = await lab.office();
    const rows: Row[] = [];
    if (isWanted('counter/payment')) rows.push(await measureCounter(lab, office));
    lab.begin('the chain of the log');
    const payer = await HostedPurse.open(office, 'native', 5_000n);
    const payee = await HostedPurse.open(office, 'native', 100n);
    const request = await payee.request(1n);
    const payment = await payer.pay(request, payee.certificate);
    await payee.receive(payment, payer.certificate, request);
    rows.push(await measureChain(lab, payer, payee));
    lab.begin('witnesses');
    const seen = { payment, request, signed: decodeSigned(payment, requestDigest(request)) };
    const { rememberUs, meetingMs } = await measureWitnesses(lab, office, seen, payer.certificate);
    rows.push(
      row('rollback/witnesses/remember', rememberUs, 'us', null),
      row('rollback/witnesses/meeting', meetingMs, 'ms', null),
      row('rollback/witnesses/frame', fullFrame().length, 'B', ONE_CODE_BYTES),
    );
    const { statement, answer } = await payer.sync();
    const syncBytes = statement.length + answer.length;
    rows.push(row('rollback/epoch/sync', EPOCH_BYTES, 'B', syncBytes));
    await payer.close();
    await payee.close();
    return rows;
  },
};

async function measureCounter(lab: Lab, office: StoredOffice): Promise<Row> {
  const counted = ENVIRONMENTS.find(({ name }) => name === 'tee');
  if (counted === undefined) throw new Error('there is no TEE');
  const [withMs, withoutMs] = [
    await paymentMs(lab, office, counted),
    await paymentMs(lab, office, teeUncounted),
  ];
  return row('rollback/counter/payment', withMs, 'ms', withoutMs);
}

/** Of one payment: one commit, and its signature. */
function paymentMs(lab: Lab, office: StoredOffice, environment: Environment): Promise<number> {
  lab.begin(`payments in the ${environment.name}`);
  return withTemporaryFolder('bench', async (folder) => {
    const { publisher } = office.backend.authority;
    const place = join(folder, 'payer');
    await mkdir(place);
    const opened = valueOf(
      await environment.open({
        folder: place,
        publisher,
        image: await imageOf(office),
        clock: lab.clock,
        setVariable: lab.setVariable,
      }),
    );
    const payer = await HostedPurse.around(opened.element, office, 5_000n);
    const payee = await HostedPurse.open(office, 'native', 100n);
    const times = await payments(lab, payer, payee, lab.scale.environmentTaps);
    await opened.close();
    await payee.close();
    return median(times);
  });
}

/** Milliseconds that the payer took for each, once it is warm. */
async function payments(
  lab: Lab,
  payer: HostedPurse,
  payee: HostedPurse,
  count: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let made = 0; made < count + WARM_UP; made++) {
    const request = await payee.request(1n);
    const startMs = lab.elapsedMs();
    const payment = await payer.pay(request, payee.certificate);
    times.push(lab.elapsedMs() - startMs);
    await payee.receive(payment, payer.certificate, request);
  }
  return times.slice(WARM_UP);
}

/** Salt, record id and head of an entry: what a commit does only so that the log is a chain. */
async function measureChain(lab: Lab, payer: HostedPurse, payee: HostedPurse): Promise<Row> {
  const { nativePayments } = lab.scale;
  const wholeUs = 1_000 * median(await payments(lab, payer, payee, nativePayments));
  const request = await payee.request(1n);
  const payment = await payer.pay(request, payee.certificate);
  const record = decodeSigned(payment, requestDigest(request));
  const secret = new Uint8Array(32).fill(1);
  let head = new Uint8Array(32);
  const rounds = 10 * nativePayments;
  const startMs = lab.elapsedMs();
  for (let each = 0; each < rounds; each++) {
    const salt = entrySalt(secret, recordId(record));
    head = Uint8Array.from(headAfter(head, { record, salt, evidence: null }));
  }
  const us = (1_000 * (lab.elapsedMs() - startMs)) / rounds;
  return row('rollback/log/chain', us, 'us', wholeUs);
}

function fullFrame(): Uint8Array {
  const set = Uint8Array.from({ length: LIMITS.witnessSetBytes }, (_, at) =>
    at % 6 === 0 ? at / 6 : 0,
  );
  return encodeFrame({ kind: 10, nonce: new Uint8Array(16), set });
}
