/** The amount after a key: digits come in from the right, as on a till, so that there is no point to type. */
export function typed(amount: bigint, digits: string, most: bigint): bigint {
  const next = BigInt(`${amount}${digits}`);
  return next > most ? amount : next;
}
