import { type Currency, currencyOf } from '@tallystick/protocol';

/** Who takes part in the scheme, as its backend says. */
export interface Scheme {
  readonly name: string;
  readonly isSandbox: boolean;
  readonly currency: Currency;
  readonly participants: readonly { readonly code: string; readonly name: string }[];
}

/** An account that the purse is filled from, and what is on it. */
export interface Account {
  readonly participant: string;
  readonly account: string;
}

/** As much of the platform's `fetch` as is needed here. */
export type FetchJson = (
  path: string,
  init?: { method: string; headers: Record<string, string>; body: string },
) => Promise<{ readonly ok: boolean; json(): Promise<unknown> }>;

/** What is asked of a bank beside the purse's own business. Null where no answer came: there is no network, say. */
export class Bank {
  readonly #fetch: FetchJson;

  constructor(fetch: FetchJson) {
    this.#fetch = fetch;
  }

  async scheme(): Promise<Scheme | null> {
    const body = await this.#ask('/v1/public/supply');
    const { scheme, participants } = (body ?? {}) as Partial<PublicSupply>;
    const currency = currencyOf(scheme?.currency ?? '');
    if (scheme === undefined || participants === undefined || !currency.ok) return null;
    const { name, sandbox } = scheme;
    return { name, isSandbox: sandbox, currency: currency.value, participants };
  }

  /**
   * Opens an account in a sandbox; elsewhere the holder has one.
   *
   * @param acceptancePoint what payers are shown of a shop; a private purse shows nothing
   */
  async open(account: Account, acceptancePoint: string | null = null): Promise<boolean> {
    const body = JSON.stringify({ ...account, acceptancePoint });
    const headers = { 'Content-Type': 'application/json' };
    return (await this.#ask('/v1/sandbox/accounts', { method: 'POST', headers, body })) !== null;
  }

  /** What is on an account, in minor units. */
  async balance({ participant, account }: Account): Promise<bigint | null> {
    const path = `/v1/sandbox/accounts/${encodeURIComponent(participant)}/${account}`;
    const { balance } = ((await this.#ask(path)) ?? {}) as { balance?: { amount?: unknown } };
    const digits = balance?.amount;
    return typeof digits === 'string' && /^\d{1,16}$/.test(digits) ? BigInt(digits) : null;
  }

  async #ask(path: string, init?: Parameters<FetchJson>[1]): Promise<unknown> {
    try {
      const response = await this.#fetch(path, init);
      return response.ok ? await response.json() : null;
    } catch {
      // However a platform says that no answer came.
      return null;
    }
  }
}

interface PublicSupply {
  readonly scheme: { readonly name: string; readonly sandbox: boolean; readonly currency: string };
  readonly participants: Scheme['participants'];
}
