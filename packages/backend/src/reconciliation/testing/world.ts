import { type Bytes, encodeSigned, sha256, type SignatureCheck, toHex } from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import { newPurse } from '../../store/new-purse.ts';
import type { Store } from '../../store/port.ts';
import type { PurseRow } from '../../store/rows.ts';
import type { Context } from '../context.ts';
import { type CreditOrder, settle } from '../deliver.ts';
import { type Ingested, ingest } from '../ingest.ts';
import { recordLoad } from '../loads.ts';
import { revoke } from '../revocations.ts';
import { type Supply, supply } from '../supply.ts';
import { EUR, type Handed, handedOf, ScriptedPurse } from './purse.ts';
import { certificateRow, namedKey, TestScheme } from './scheme.ts';

/** A minute past midnight, long ago. */
const START = 1_700_000_000;

const verdicts = new Map<string, boolean>();

/** Verifies in software, each signature once in a test file: histories are replayed many times. */
function verifyOnce(check: SignatureCheck): boolean {
  const name = toHex(sha256(check.key.bytes, check.signature, check.message));
  const verdict = verdicts.get(name) ?? softwareVerify(check);
  verdicts.set(name, verdict);
  return verdict;
}

/** A backend's reconciliation on a store, with scripted purses around it. */
export class World {
  readonly store: Store;
  readonly scheme: TestScheme = new TestScheme(['ALFA', 'BETA']);
  readonly context: Context;
  readonly credits: CreditOrder[] = [];
  /** How many signatures reconciliation had verified, statements included. */
  verified = 0;
  now: number = START;
  #loads = 0;

  constructor(store: Store) {
    this.store = store;
    this.context = {
      store,
      issuer: this.scheme.issuer(),
      trust: this.scheme.trust,
      now: () => this.now,
      verifyMany: async (checks) => {
        this.verified += checks.length;
        return checks.map(verifyOnce);
      },
    };
  }

  /** Registers the issuing keys and publishes the first list. */
  async open(): Promise<this> {
    const { parties, operator } = this.scheme;
    const rows = [operator, ...parties.values()].map(({ issuing, code }) =>
      certificateRow(issuing, code, null, 1),
    );
    await this.store.transaction([], (tx) => tx.write({ certificates: rows }));
    await revoke([], 'first', this.context);
    return this;
  }

  async enrol(name: string, participant = 'ALFA'): Promise<ScriptedPurse> {
    const key = namedKey(name);
    const certificate = this.scheme.certifyPurse(participant, key.key);
    const purse = new ScriptedPurse({ name, participant, certificate, key, now: this.now });
    const { id } = purse;
    const row = newPurse({ id, participant, account: `account of ${name}`, currency: EUR });
    await this.store.transaction([id], (tx) =>
      tx.write({ purses: [row], certificates: [certificateRow(certificate, participant, id, 1)] }),
    );
    return purse;
  }

  /** Gives the purse a new key and certificate, as a renewal does. */
  async renew(purse: ScriptedPurse, name: string): Promise<void> {
    const key = namedKey(name);
    const certificate = this.scheme.certifyPurse(purse.participant, key.key);
    purse.renew(certificate, key);
    const row = certificateRow(certificate, purse.participant, purse.id, purse.seq + 1);
    await this.store.transaction([purse.id], (tx) => tx.write({ certificates: [row] }));
  }

  /** The issuer's payment to the purse, which the purse has still to accept. */
  async issue(purse: ScriptedPurse, amount: bigint): Promise<Handed> {
    const requestDigest = sha256(new Uint8Array([this.#loads++]));
    const payee = toHex(purse.certificate.ref);
    const order = { purse: purse.id, payee, requestDigest, amount, acceptMinutes: 60 };
    const loaded = await recordLoad(order, this.context);
    if (!loaded.ok) throw new Error(loaded.error.message);
    return handedOf(loaded.value, requestDigest);
  }

  async load(purse: ScriptedPurse, amount: bigint): Promise<Handed> {
    const handed = await this.issue(purse, amount);
    purse.accept(handed);
    return handed;
  }

  /** The purse pays its participant's issuing key. */
  unload(purse: ScriptedPurse, amount: bigint): Handed {
    return purse.pay({ certificate: this.scheme.party(purse.participant).issuing }, amount);
  }

  /** Brings one upload, without delivering what it means to others. */
  async bring(upload: Bytes): Promise<Ingested> {
    const outcome = await ingest(upload, this.context);
    if (!outcome.ok) throw new Error(outcome.error.message);
    return outcome.value;
  }

  /** Brings one upload and delivers everything. */
  async take(upload: Bytes): Promise<Ingested> {
    const ingested = await this.bring(upload);
    await this.settle();
    return ingested;
  }

  /** A purse goes online and takes in its answer. */
  async sync(purse: ScriptedPurse, proofs: readonly Bytes[] = []): Promise<Ingested> {
    const ingested = await this.take(purse.upload(proofs));
    purse.answered(ingested.answer);
    return ingested;
  }

  settle(): Promise<number> {
    return settle(this.context, async (order) => void this.credits.push(order));
  }

  async row(purse: ScriptedPurse): Promise<PurseRow> {
    const row = await this.store.reports.purse(purse.id);
    if (row === null) throw new Error(`${purse.name} is not enrolled`);
    return row;
  }

  /** What the backend owes the holder, in minor units. */
  async float(purse: ScriptedPurse): Promise<bigint> {
    const { rows } = await this.store.reports.balances('', 10_000);
    return rows
      .filter((row) => row.purse === purse.id && row.account === 'float')
      .reduce((sum, { balance }) => sum - balance, 0n);
  }

  /** The equation for the whole scheme. */
  async supply(): Promise<Supply> {
    const [whole] = await supply(this.store);
    if (whole === undefined) throw new Error('there is no money yet');
    return whole;
  }

  /** Certificates the newest list revokes, by status index. */
  async revoked(): Promise<readonly number[]> {
    return (await this.store.latestList())?.revoked ?? [];
  }

  issuingWire(participant: string): Bytes {
    return encodeSigned(this.scheme.party(participant).issuing.signed);
  }
}
