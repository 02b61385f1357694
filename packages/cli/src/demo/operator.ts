import type { Money, SupplyReport } from './report.ts';

export interface ForkView {
  readonly digest: string;
  readonly purse: string;
  readonly certificate: string;
  readonly kind: string;
  /** Base64url. */
  readonly wire: string;
}

export interface PurseView {
  readonly id: string;
  readonly standing: string;
  readonly revokedAt: number | null;
  readonly balances: readonly {
    readonly account: string;
    readonly participant: string;
    readonly balance: Money;
  }[];
}

interface SupplyItem extends SupplyReport {
  readonly participant: string | null;
  readonly position: Money;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | null;
}

/** The backend as its operator asks it, over HTTP with the operator's token. */
export class Operator {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async openAccount(account: {
    readonly participant: string;
    readonly account: string;
    readonly balance: Money;
    readonly acceptancePoint: string | null;
  }): Promise<void> {
    await this.#call('/v1/accounts', account);
  }

  /** Of the whole scheme in one currency; all zero before there is money. */
  async supply(currency: string): Promise<SupplyReport> {
    const { items } = await this.#call<Page<SupplyItem>>('/v1/supply');
    const found = items.find((each) => each.participant === null && isOf(each, currency));
    const zero: Money = { amount: '0', currency };
    if (found === undefined) {
      return { reserve: zero, loss: zero, balances: zero, inFlight: zero, balanced: true };
    }
    const { reserve, loss, balances, inFlight, balanced } = found;
    return { reserve, loss, balances, inFlight, balanced };
  }

  /** Every fork proof there is. */
  async forks(): Promise<readonly ForkView[]> {
    const forks: ForkView[] = [];
    for (let cursor = ''; ; ) {
      const page = await this.#call<Page<ForkView>>(`/v1/forks${cursor}`);
      forks.push(...page.items);
      if (page.next == null) return forks;
      cursor = `?cursor=${encodeURIComponent(page.next)}`;
    }
  }

  purse(id: string): Promise<PurseView> {
    return this.#call(`/v1/purses/${id}`);
  }

  async #call<T>(path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#url}${path}`, {
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
}

function isOf({ reserve }: SupplyReport, currency: string): boolean {
  return reserve.currency === currency;
}
