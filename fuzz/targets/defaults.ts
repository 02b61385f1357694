/** Bounds that fit every decoder: a target that needs others says so. */
export const BOUNDS = {
  inputMax: 65_536,
  msMax: 250,
  memoryMax: 16_777_216,
  perByte: 512,
} as const;
