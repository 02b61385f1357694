interface AccountsPage {
  readonly items: readonly {
    readonly account: string;
    readonly balance: { readonly amount: string };
  }[];
  readonly next?: string | null;
}

/** What the backend's operator does over HTTP. */
export class Operator {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** Opens a person's account with that many minor units on it. */
  async openAccount(participant: string, account: string, amount: bigint): Promise<void> {
    const balance = { amount: String(amount), currency: 'EUR' };
    await this.#call('/v1/accounts', { participant, account, balance, acceptancePoint: null });
  }

  /** Minor units on all accounts together. */
  async onAccounts(): Promise<bigint> {
    let sum = 0n;
    for (let cursor = ''; ; ) {
      const page = (await this.#call(`/v1/accounts${cursor}`)) as AccountsPage;
      for (const { balance } of page.items) sum += BigInt(balance.amount);
      if (page.next == null) return sum;
      cursor = `?cursor=${encodeURIComponent(page.next)}`;
    }
  }

  async #call(path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#url}${path}`, {
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    if (response.ok) return response.json();
    throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  }
}
