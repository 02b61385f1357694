import { attempt, type Currency, currencyOf, unwrap } from '@tallystick/protocol';

const NETWORK = '/playground/network';

/** An amount as the backend's interface writes it. */
interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** The supply equation of the whole scheme, in minor units. */
export interface Supply {
  readonly currency: Currency;
  readonly reserve: bigint;
  readonly loss: bigint;
  readonly balances: bigint;
  readonly inFlight: bigint;
  readonly isBalanced: boolean;
}

/** Reads what the backend tells anybody; null where it does not answer. */
export async function readSupply(): Promise<Supply | null> {
  const response = await fetch('/v1/public/supply').catch(() => null);
  if (response?.ok !== true) return null;
  const { items } = (await response.json()) as { items: readonly Row[] };
  const whole = items.find(({ participant }) => participant === null);
  if (whole === undefined) return null;
  const read = attempt(() => ({
    currency: unwrap(currencyOf(whole.reserve.currency)),
    reserve: BigInt(whole.reserve.amount),
    loss: BigInt(whole.loss.amount),
    balances: BigInt(whole.balances.amount),
    inFlight: BigInt(whole.inFlight.amount),
    isBalanced: whole.balanced,
  }));
  return read.ok ? read.value : null;
}

interface Row {
  readonly participant: string | null;
  readonly reserve: Money;
  readonly loss: Money;
  readonly balances: Money;
  readonly inFlight: Money;
  readonly balanced: boolean;
}

/** Whether each device has a network, by its name; null where nobody knows. */
export async function readNetwork(): Promise<Readonly<Record<string, boolean>> | null> {
  const response = await fetch(NETWORK).catch(() => null);
  return response?.ok === true ? ((await response.json()) as Record<string, boolean>) : null;
}

/** Cuts a device off from the network, or brings it back. False where that did not work. */
export function setNetwork(device: string, reachable: boolean): Promise<boolean> {
  return control(NETWORK, { device, reachable });
}

/** Has the operator revoke a purse. False where that did not work. */
export function revoke(purse: string): Promise<boolean> {
  return control('/playground/revocations', { purse });
}

async function control(path: string, body: object): Promise<boolean> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => null);
  return response?.ok === true;
}
