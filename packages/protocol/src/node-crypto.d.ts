/** All that this package knows of Node: types of the rest would let the rest in. */
declare module 'node:crypto' {
  /** One character of the result for each byte. */
  export function hash(algorithm: 'sha256', data: Uint8Array, encoding: 'binary'): string;
  export function createHash(algorithm: 'sha256'): {
    update(data: Uint8Array): void;
    digest(encoding: 'binary'): string;
  };
}
