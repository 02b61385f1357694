/** Command codes (TPM 2.0 Part 2, 6.5.2). */
export const CC = {
  nvUndefineSpace: 0x122,
  nvDefineSpace: 0x12a,
  createPrimary: 0x131,
  nvIncrement: 0x134,
  nvExtend: 0x136,
  activateCredential: 0x147,
  certify: 0x148,
  policyNv: 0x149,
  nvRead: 0x14e,
  policySecret: 0x151,
  create: 0x153,
  load: 0x157,
  quote: 0x158,
  sign: 0x15d,
  unseal: 0x15e,
  flushContext: 0x165,
  nvReadPublic: 0x169,
  readPublic: 0x173,
  startAuthSession: 0x176,
  nvCertify: 0x184,
} as const;

/** Algorithms (Part 2, 6.3). */
export const ALG = {
  rsa: 0x01,
  aes: 0x06,
  keyedHash: 0x08,
  sha256: 0x0b,
  null: 0x10,
  ecdsa: 0x18,
  ecc: 0x23,
  cfb: 0x43,
} as const;

/** Handles that every TPM has (Part 2, 7.4). */
export const HANDLE = {
  owner: 0x4000_0001,
  none: 0x4000_0007,
  /** The session that authorises by password. */
  password: 0x4000_0009,
  endorsement: 0x4000_000b,
} as const;
