/**
 * A function of something that never changes, worked out once for each: what a purse stores is read for every
 * command, and to read a certificate is to hash it, which engines that only interpret do slowly.
 */
export function derived<From extends object, To>(make: (from: From) => To): (from: From) => To {
  const made = new WeakMap<From, { readonly to: To }>();
  return (from) => {
    const known = made.get(from) ?? { to: make(from) };
    made.set(from, known);
    return known.to;
  };
}
