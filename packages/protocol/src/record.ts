/**
 * Kinds of signed messages: the first element of every payload (TS-ENC-5). From `payment` to
 * `statement` they are log records: each takes a position in its signer's log.
 */
export const RECORD = {
  request: 1,
  payment: 2,
  receipt: 3,
  void: 4,
  restore: 5,
  adopt: 6,
  renewal: 7,
  statement: 8,
  answer: 9,
  closure: 10,
  policy: 11,
  enrolment: 12,
  timeReset: 13,
  lostReport: 14,
  refund: 15,
  statusDelta: 16,
  imageManifest: 17,
} as const;
