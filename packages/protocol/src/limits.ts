/**
 * Every bound on bytes from outside, each with its reason. A decoder checks the length of its input
 * before it looks at the first byte (TS-ENC-4).
 */
export const LIMITS: {
  readonly messageBytes: number;
  readonly frameBytes: number;
  readonly nesting: number;
  readonly items: number;
  readonly textBytes: number;
  readonly nameBytes: number;
  readonly evidenceBytes: number;
  readonly tpmStructureBytes: number;
  readonly chainCertificateBytes: number;
  readonly chainCertificates: number;
  readonly amountMinorUnits: bigint;
  readonly position: number;
  readonly tiers: number;
  readonly measurements: number;
  readonly imageVersion: number;
  readonly imageBytes: number;
  readonly listBytes: number;
  readonly listEntries: number;
  readonly deltaEntries: number;
  readonly deltaCodeBytes: number;
  readonly bans: number;
  readonly witnesses: number;
  readonly witnessSetBytes: number;
  readonly openPayments: number;
  readonly answeredPayments: number;
  readonly payers: number;
  readonly ownCertificates: number;
  readonly hopsMax: number;
  readonly logEntries: number;
  readonly uploadBytes: number;
  readonly proofSteps: number;
  readonly closuresPerAnswer: number;
  readonly stateBytes: number;
} = {
  /** Any one signed message but a status list: an ML-DSA-44 payment with certificate is 6.3 kB. */
  messageBytes: 16_384,
  /** Any one frame between devices: carries a status list or a fork proof. */
  frameBytes: 65_536,
  /** Arrays and maps within one another; the deepest message or state needs five. */
  nesting: 12,
  /**
   * Items of one message, keys and containers included. An empty map of one byte takes 160 in memory,
   * so a long message of them would take what its length does not show. A full state has 40,000.
   */
  items: 65_536,
  /** Any one text: composing it to NFC takes time in the square of its length. */
  textBytes: 1_024,
  /** A display name on a receipt or a screen, in UTF-8 bytes. */
  nameBytes: 64,
  /** Attestation evidence at enrolment: a TPM quote with its certificates stays under this. */
  evidenceBytes: 8_192,
  /** A key's public area, or what a TPM says and encrypts: RSA of 2048 bits makes the longest, of some 320. */
  tpmStructureBytes: 512,
  /** A manufacturer's certificate in DER; most have less than 2 kB. */
  chainCertificateBytes: 4_096,
  /** Of a device's own key up to below the root that is stored: manufacturers have one or two between. */
  chainCertificates: 4,
  /** 2^53 − 1 minor units: any amount survives a JSON number in a careless reader. */
  amountMinorUnits: 9_007_199_254_740_991n,
  /** Log positions are 32-bit: a payment a second for 136 years. */
  position: 4_294_967_295,
  /** Rows in the ceilings registry of a policy. */
  tiers: 32,
  /** Rows in the measurement registry of a policy. */
  measurements: 64,
  /** Versions of the image: the number stands in each certificate and takes two bytes there at most. */
  imageVersion: 255,
  /** One image of the trusted application: 76 kB today, and a card must be able to hold it. */
  imageBytes: 1_048_576,
  /** A status list, compressed; the bit string it may unpack to is `listEntries / 8`. */
  listBytes: 49_152,
  /** Certificates one status list covers. */
  listEntries: 8_388_608,
  /**
   * Revocations of one status-list delta, and those a purse keeps beyond its list: more in a message
   * than chance ever packs into one, and 23 kB of a purse's state at one in a thousand.
   */
  deltaEntries: 16_384,
  /** A delta whose frame is one QR code of 300 bytes, which cameras read even when tilted. */
  deltaCodeBytes: 294,
  /** Certificates a purse bans because of fork proofs it checked itself, until a list names them. */
  bans: 256,
  /** Accepted payments that a device remembers to catch a second one at the same position. */
  witnesses: 1_024,
  /** Of them, those told in one contact: 46, in a frame that is one QR code of 300 bytes. */
  witnessSetBytes: 276,
  /** Payments a purse may have open at once: the count limit since a sync must not exceed it. */
  openPayments: 256,
  /** Replay memory; full means NEEDS_SYNC, never eviction. */
  answeredPayments: 2_048,
  /** Payers whose total a purse remembers since its last sync. */
  payers: 2_048,
  /** Own certificates whose requests may still be answered. */
  ownCertificates: 4,
  /** Hop sub-balances: one array slot each. */
  hopsMax: 23,
  /** Log entries a purse keeps until they are acknowledged. */
  logEntries: 4_096,
  /** One upload: a full log of payments with their evidence. */
  uploadBytes: 4_194_304,
  /** Hash-chain steps in a fork proof of the log kind. */
  proofSteps: 4_096,
  /** Closures that ride on one sync answer; the rest come with the next. */
  closuresPerAnswer: 64,
  /** A purse's committed state with every table full. */
  stateBytes: 1_048_576,
};
