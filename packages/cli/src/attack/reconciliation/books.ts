import { createHash } from 'node:crypto';
import type { BalanceRow, PurseRow } from '@tallystick/backend';
import { checkProof, runChecking, toHex } from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import type { Customer } from './customer.ts';
import type { Office } from './office.ts';

const PAGE = 1_000;

/** What each kind of fork proof shows (TS-FRK-1). */
const SHOWN = {
  1: 'two records at one position are',
  2: 'a record and a later statement whose log lacks it are',
  3: 'a receipt and a void of one payment are',
} as const;

/** What the office's ledger says, and demands on it: one that is not met means that there is no finding. */
export class Books {
  readonly #office: Office;

  constructor(office: Office) {
    this.#office = office;
  }

  /**
   * SHA-256, in hex, of the supply report and of every purse's balances below it: sums alone would not show money
   * that moved from one purse to another.
   */
  async hash(): Promise<string> {
    const { backend } = this.#office;
    const report = { supply: await backend.supply(), balances: await this.#balances() };
    return createHash('sha256').update(JSON.stringify(report, inText)).digest('hex');
  }

  /** Reserve and loss are balances and flight, and the whole ledger follows from the facts. */
  async demandBalance(): Promise<void> {
    const { backend } = this.#office;
    for (const { participant, balanced } of await backend.supply()) {
      must(balanced, `the supply equation of ${participant ?? 'the scheme'} balances`);
    }
    const { agrees, undelivered, differences } = await backend.audit();
    const first = differences[0];
    const named = first === undefined ? '' : `: ${first.subject} ${first.name}`;
    must(agrees, `the audit agrees with the ledger${named}`);
    must(undelivered === 0, 'nothing is under way');
  }

  /** A fork proof that anybody can check names the purse, it is revoked, and the books balance; what the proof is. */
  async demandConvicted({ id }: Customer): Promise<string> {
    const { backend, store } = this.#office;
    const proofs = await all((after, limit) => store.reports.proofs(after, limit));
    const proof = proofs.find(({ purse }) => purse === id);
    must(proof !== undefined, `there is a proof against ${id}`);
    const culprit = runChecking(checkProof(proof.wire, backend.authority.trust), softwareVerify);
    must(toHex(culprit.ref) === id, `the proof names ${id}`);
    const row = await this.row(id);
    must(row.standing === 'culprit', `${id} is a culprit`);
    must(row.revokedAt !== null, `${id} is revoked`);
    await this.demandBalance();
    return `${SHOWN[proof.kind]} a proof against purse ${id}, which is revoked`;
  }

  async row(id: string): Promise<PurseRow> {
    const row = await this.#office.store.reports.purse(id);
    must(row !== null, `the purse ${id} is known`);
    return row;
  }

  /** Loss that is booked at a purse, with a claim against its holder of the same amount. */
  async lossAt({ id }: Customer): Promise<bigint> {
    const loss = await this.#sum(id, 'loss');
    must((await this.#sum(id, 'receivable')) === loss, 'the holder owes what is lost');
    return loss;
  }

  /** What a purse holds by the books. */
  async holds({ id }: Customer): Promise<bigint> {
    return -(await this.#sum(id, 'float'));
  }

  /** What is on its way in the whole scheme. */
  async inFlight(): Promise<bigint> {
    const supply = await this.#office.backend.supply();
    const whole = supply.find(({ participant }) => participant === null);
    must(whole !== undefined, 'the scheme has a supply');
    return whole.inFlight;
  }

  /** What lies in a customer's account. */
  async saved({ account }: Customer): Promise<bigint> {
    const found = await this.#office.backend.rail.account(account);
    must(found !== null, 'the account is known');
    return found.balance;
  }

  #balances(): Promise<readonly BalanceRow[]> {
    return all((after, limit) => this.#office.store.reports.balances(after, limit));
  }

  async #sum(id: string, account: BalanceRow['account']): Promise<bigint> {
    const rows = await this.#balances();
    return rows
      .filter((row) => row.purse === id && row.account === account)
      .reduce((sum, { balance }) => sum + balance, 0n);
  }
}

type Pages<T> = (
  after: string,
  limit: number,
) => Promise<{ readonly rows: readonly T[]; readonly next: string | null }>;

async function all<T>(pages: Pages<T>): Promise<readonly T[]> {
  const rows: T[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const page: Awaited<ReturnType<Pages<T>>> = await pages(after, PAGE);
    rows.push(...page.rows);
    after = page.next;
  }
  return rows;
}

/** Throws where something is not so that an attack's finding rests on. */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`it does not hold that ${what}`);
}

function inText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
