/**
 * The stable error codes, in order of precedence (TS-ERR-1): when one input breaks several rules,
 * the code that stands first here is the one reported. A check may therefore run early only when
 * every check above it has run.
 *
 * `says` is a full clause a holder or developer can act on; `clause` is where the rule is written.
 */
const TABLE = [
  // The purse itself cannot act.
  ['NOT_PERSONALISED', 'TS-PUR-1', 'this purse is not personalised yet; enrol it first'],
  ['ALREADY_PERSONALISED', 'TS-PUR-1', 'this purse is personalised already'],
  ['BUSY', 'TS-PUR-2', 'another command is running; wait for its reply'],
  ['LOCKED', 'TS-PUR-6', 'this purse is locked; unlock it, or go online and sync'],
  // The bytes are not one message.
  ['OVERSIZED', 'TS-ENC-4', 'the message is longer than allowed'],
  ['MALFORMED', 'TS-ENC-1', 'the bytes are not a complete CBOR item'],
  ['TRAILING_BYTES', 'TS-ENC-3', 'bytes follow the end of the message'],
  ['NON_CANONICAL', 'TS-ENC-2', 'the encoding is not the one deterministic encoding'],
  ['WRONG_KIND', 'TS-ENC-5', 'this is another kind of message than expected'],
  ['MISSING_FIELD', 'TS-ENC-6', 'a field is missing'],
  ['BAD_FIELD', 'TS-ENC-6', 'a field has the wrong type or is out of range'],
  ['BAD_AMOUNT', 'TS-AMT-2', 'the amount must be a positive whole number of minor units'],
  ['AMOUNT_OVERFLOW', 'TS-AMT-3', 'the amount is larger than any purse may hold'],
  // The signature does not bind it to a known signer.
  ['UNKNOWN_ALGORITHM', 'TS-ALG-1', 'the signature algorithm is not one of this scheme'],
  ['HIGH_S', 'TS-SIG-4', 'the ECDSA signature is not in its low-S form'],
  ['UNKNOWN_CERTIFICATE', 'TS-CRT-4', 'the signing certificate is not known; send it along'],
  ['UNKNOWN_ISSUER', 'TS-CRT-5', 'the certificate does not lead to a stored scheme root'],
  ['WRONG_ROLE', 'TS-CRT-6', 'the certificate does not allow this kind of message'],
  ['ALGORITHM_MISMATCH', 'TS-ALG-2', 'the algorithm named is not that of the signing key'],
  ['BAD_SIGNATURE', 'TS-SIG-3', 'the signature does not verify'],
  ['CERTIFICATE_EXPIRED', 'TS-CRT-7', 'the certificate has expired'],
  ['REVOKED', 'TS-LST-4', 'the certificate is revoked'],
  [
    'CHALLENGE_REFUSED',
    'TS-ENR-1',
    'the challenge is not ours, is for another, has expired or was used; ask for a new one',
  ],
  [
    'MEASUREMENT_REFUSED',
    'TS-POL-5',
    'the certificate names a trusted application that is refused',
  ],
  ['ATTESTATION_REFUSED', 'TS-ATT-4', 'the evidence does not show that environment'],
  // It is authentic, but not for us, or not for now.
  ['WRONG_PAYEE', 'TS-PAY-4', 'the payment is addressed to another payee'],
  ['WRONG_REQUEST', 'TS-PAY-5', 'the payment answers another request'],
  ['FOREIGN_REQUEST', 'TS-REQ-4', 'this purse did not make that request'],
  ['WRONG_CURRENCY', 'TS-AMT-4', 'the currency is not that of this purse'],
  ['WRONG_AMOUNT', 'TS-PAY-6', 'the amount is not the one requested'],
  ['REQUEST_EXPIRED', 'TS-REQ-5', 'the request has expired; make a new one'],
  ['ALREADY_VOIDED', 'TS-VOI-2', 'this payment was voided and can never be accepted'],
  ['ALREADY_ACCEPTED', 'TS-VOI-2', 'this payment was accepted and can never be voided'],
  ['PAST_ACCEPT_BY', 'TS-PAY-7', 'the payment came after its last moment of acceptance'],
  ['ACCEPT_BY_TOO_FAR', 'TS-PAY-8', 'the payment may be accepted for longer than policy allows'],
  ['PAYER_STALE', 'TS-TIM-5', 'the payer has not synced for longer than policy allows'],
  // Issuer data that goes backwards or jumps.
  ['STALE', 'TS-POL-3', 'a newer version is stored already'],
  ['TIME_SKEW', 'TS-TIM-3', 'the signed time lies too far ahead'],
  ['ALGORITHM_DOWNGRADE', 'TS-CRT-9', 'the new algorithm is not one this purse asked for'],
  ['MEASUREMENT_DOWNGRADE', 'TS-CRT-10', 'the new measurement is older than the one in use'],
  ['WRONG_KEY', 'TS-CRT-8', 'the certificate is for another key'],
  // Nothing matches.
  ['NOT_OPEN', 'TS-PAY-11', 'no open payment of this purse has that id'],
  [
    'PAYMENT_IN_DOUBT',
    'TS-PAY-10',
    'an earlier payment to this payee is in doubt; retry or void it, or say that you want to pay again',
  ],
  ['WRONG_STATEMENT', 'TS-SYN-4', 'the answer belongs to another statement'],
  [
    'NEW_CERTIFICATE_NEEDED',
    'TS-ATT-6',
    'the storage of this purse was changed; renew its certificate, then sync again',
  ],
  ['PROOF_FAILS', 'TS-FRK-2', 'the proof does not show two conflicting records of one signer'],
  // Limits.
  ['RECEIVE_ONLY', 'TS-LIM-1', 'this purse may only receive'],
  ['OFFLINE_TOO_LONG', 'TS-LIM-2', 'this purse has been offline too long; go online and sync'],
  ['OVER_PAYMENT_LIMIT', 'TS-LIM-3', 'the amount is over the limit for one payment'],
  ['OVER_TOTAL_LIMIT', 'TS-LIM-4', 'the total since the last sync would pass its limit'],
  ['OVER_COUNT_LIMIT', 'TS-LIM-5', 'the number of payments since the last sync is at its limit'],
  ['INSUFFICIENT_FUNDS', 'TS-LIM-6', 'the balance is too small'],
  ['OVER_HOP_LIMIT', 'TS-LIM-7', 'this money has changed hands offline as often as allowed'],
  ['OVER_BALANCE_CEILING', 'TS-LIM-8', 'the balance would pass its ceiling'],
  ['OVER_PAYER_CAP', 'TS-LIM-9', 'more may not be taken from this payer before a sync'],
  ['NEEDS_SYNC', 'TS-LOG-6', 'the memory of this purse is full; go online and sync'],
  // The holder must act.
  ['PIN_BLOCKED', 'TS-HLD-3', 'the PIN was wrong too often; go online and sync to unblock it'],
  ['PIN_REQUIRED', 'TS-HLD-1', 'an amount this large needs your PIN or your biometric'],
  ['PIN_WRONG', 'TS-HLD-2', 'the PIN is wrong'],
  ['ASSERTION_REFUSED', 'TS-HLD-4', 'the platform did not confirm the holder'],
  // The environment under the purse cannot run it.
  ['IMAGE_DIFFERS', 'TS-IMG-2', 'the code is not the image that its manifest names'],
  ['IMAGE_DOWNGRADE', 'TS-IMG-3', 'a newer image is in use already; take the newest'],
  ['FOREIGN_ELEMENT', 'TS-APD-4', 'this is not the element that is bound to this app'],
  ['FOREIGN_APP', 'TS-APD-4', 'the element is bound to another app'],
  ['HARDWARE_FAILED', 'TS-TRE-6', 'the hardware that holds the keys does not answer, or refuses'],
  ['STORAGE_FAILED', 'TS-TRE-3', 'the state could not be stored; nothing has changed'],
  ['TAMPERED', 'TS-TRE-4', 'the stored state was changed outside this purse; go online and sync'],
] as const;

export type ErrorCode = (typeof TABLE)[number][0];

export interface CodeText {
  readonly clause: string;
  readonly says: string;
}

/** Every code, first precedence first (TS-ERR-1). */
export const PRECEDENCE: readonly ErrorCode[] = TABLE.map(([code]) => code);

const CODES = new Map<string, CodeText>(
  TABLE.map(([code, clause, says]) => [code, { clause, says }]),
);

/** The clause and meaning of a code, or undefined for a word that is no code. */
export function describeCode(code: string): CodeText | undefined {
  return CODES.get(code);
}

/** Whether a word is a code of this table. */
export function isErrorCode(code: string): code is ErrorCode {
  return CODES.has(code);
}
