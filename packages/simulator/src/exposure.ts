import type { Purse } from '@tallystick/trusted-app';

/**
 * What each payee took from each payer's certificate since it last imported an issuer's answer: the
 * bound on what a broken payer can cost (TS-LIM-9), worked out from records alone.
 */
export class Exposure {
  readonly #taken: Map<string, { epoch: number; from: Map<string, bigint> }> = new Map();

  /** Adds an accepted payment; what came from that certificate since the last answer, with it. */
  add(payee: string, purse: Purse | null, certificate: string, amount: bigint): bigint {
    const epoch = purse?.epoch ?? 0;
    let taken = this.#taken.get(payee);
    if (taken?.epoch !== epoch) this.#taken.set(payee, (taken = { epoch, from: new Map() }));
    const total = (taken.from.get(certificate) ?? 0n) + amount;
    taken.from.set(certificate, total);
    return total;
  }
}
