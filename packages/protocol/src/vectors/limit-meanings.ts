import type { LIMITS } from '../limits.ts';

/** What each bound counts, for the specification. */
export const LIMIT_MEANINGS: Readonly<Record<keyof typeof LIMITS, string>> = {
  messageBytes: 'bytes of any one signed message but a status list',
  frameBytes: 'bytes of a frame between two devices',
  nesting: 'arrays and maps within one another',
  items: 'items of one message, with containers, keys and what is in them',
  textBytes: 'UTF-8 bytes of any one text',
  nameBytes: 'UTF-8 bytes of a name that is shown',
  evidenceBytes: 'bytes of attestation evidence',
  amountMinorUnits: 'minor units of an amount or balance',
  position: 'last position of a log',
  tiers: 'rows of the ceilings registry',
  measurements: 'rows of the measurement registry',
  listBytes: 'bytes of a compressed status list',
  listEntries: 'certificates that one status list covers',
  bans: 'certificates a purse bans because of proofs it checked itself',
  openPayments: 'own payments that are not settled for good',
  answeredPayments: 'payments in the replay memory',
  payers: 'payers whose total a purse remembers since its last sync',
  ownCertificates: 'own certificates under which payments are still answered',
  hopsMax: 'hops',
  logEntries: 'log entries that are not acknowledged yet, and of one upload',
  uploadBytes: 'bytes of an upload',
  proofSteps: 'steps of a fork proof against a signed log',
  closuresPerAnswer: 'closures in the reply to one upload',
  stateBytes: 'bytes of the committed state of a purse',
};
