/** Runs simulated worlds of consecutive seeds until one breaks a promise. */
export interface Worlds {
  readonly by: 'worlds';
  readonly from: number;
  readonly to: number;
}

/** Runs a test file until a test fails. */
export interface Tests {
  readonly by: 'tests';
  readonly file: string;
}

export interface Known {
  /** What its value becomes when it is removed, where it is neither an `if` nor a statement. */
  readonly becomes?: string;
  /** Who must find the hole. */
  readonly finder: Worlds | Tests;
}

const worlds = (from: number, to: number): Worlds => ({ by: 'worlds', from, to });
const tests = (file: string): Tests => ({ by: 'tests', file: `packages/${file}` });

/** How each guard that the code names is removed, and who must find the hole. */
export const GUARDS: Readonly<Record<string, Known>> = {
  'empty-unprotected': { finder: tests('protocol/src/cose.test.ts') },
  'low-s': { finder: tests('protocol/src/cose.test.ts') },
  'two-contents': { finder: tests('protocol/src/fork-proof.test.ts') },
  'complete-delta': {
    becomes: 'delta.version > known.version',
    finder: tests('protocol/src/status-delta.test.ts'),
  },
  'same-signature': {
    becomes: 'p256.sign(message, secretKey, { lowS: true, prehash: true, extraEntropy: true })',
    finder: tests('protocol/src/software.test.ts'),
  },
  'verified-bytes': {
    becomes: 'toHex(certificate.id)',
    finder: tests('trusted-app/src/known-certificate.test.ts'),
  },
  'accept-window': { finder: tests('trusted-app/src/commands/receive.test.ts') },
  'payer-stale': { finder: tests('trusted-app/src/commands/receive.test.ts') },
  'asked-amount': { finder: tests('trusted-app/src/precedence.test.ts') },
  measurement: { finder: tests('trusted-app/src/commands/receive.test.ts') },
  'own-request': { finder: tests('trusted-app/src/commands/request.test.ts') },
  'void-is-final': { finder: tests('trusted-app/src/commands/resolve.test.ts') },
  'void-in-time': { finder: tests('trusted-app/src/commands/resolve.test.ts') },
  'replay-memory': { finder: tests('trusted-app/src/commands/replay-memory.test.ts') },
  'payee-hops': { finder: tests('trusted-app/src/commands/receive.test.ts') },
  'shown-amount': { finder: tests('trusted-app/src/commands/pay.test.ts') },
  'one-in-doubt': { finder: tests('trusted-app/src/commands/pay.test.ts') },
  'lowest-first': {
    becomes: 'takeHighest(purse.balances, amount)',
    finder: tests('trusted-app/src/commands/pay.test.ts'),
  },
  'payer-hops': { finder: tests('trusted-app/src/commands/pay-limits.test.ts') },
  'receive-only': { finder: tests('trusted-app/src/commands/pay-limits.test.ts') },
  'offline-window': { finder: tests('trusted-app/src/commands/pay-limits.test.ts') },
  'payer-total': { finder: tests('trusted-app/src/commands/pay-limits.test.ts') },
  'settled-stays': { finder: tests('trusted-app/src/commands/resolve.test.ts') },
  'payees-word': { finder: tests('trusted-app/src/commands/resolve.test.ts') },
  'issuers-closure': {
    becomes: '() => undefined',
    finder: tests('trusted-app/src/commands/resolve.test.ts'),
  },
  'stated-floor': {
    becomes: 'purse.closedBefore',
    finder: tests('trusted-app/src/commands/sync.test.ts'),
  },
  'skew-cap': { finder: tests('trusted-app/src/commands/adopt.test.ts') },
  'issuer-time-only': {
    becomes: 'Math.max(purse.floor, signedTime, local ?? 0)',
    finder: tests('trusted-app/src/commands/adopt.test.ts'),
  },
  'salted-head': {
    becomes: 'new Uint8Array(16)',
    finder: tests('trusted-app/src/hostile-store.test.ts'),
  },
  'proof-bans': { finder: tests('trusted-app/src/commands/proof.test.ts') },
  'same-record': { becomes: 'record', finder: tests('trusted-app/src/hostile-store.test.ts') },
  'holder-present': { finder: tests('trusted-app/src/holder.test.ts') },
  'named-key': { finder: tests('trusted-app/src/commands/renew.test.ts') },
  'complete-log': {
    becomes: 'laterClosing(before.closing, { id, seq: made.seq, floor: made.floor })',
    finder: tests('backend/src/reconciliation/torn.test.ts'),
  },
  'own-signer': { finder: tests('backend/src/reconciliation/upload.test.ts') },
  'payers-signature': { becomes: "'holds'", finder: worlds(1, 4) },
  'payee-decides': { becomes: 'true', finder: tests('backend/src/reconciliation/torn.test.ts') },
  'judged-by-version': { becomes: 'half.revokedAt !== null', finder: worlds(1, 4) },
  'void-outweighs': { finder: tests('backend/src/reconciliation/torn.test.ts') },
  'both-ways': { becomes: 'false', finder: tests('backend/src/reconciliation/fork.test.ts') },
  'one-numbering': { becomes: '[]', finder: worlds(1, 8) },
  'load-once': { finder: worlds(1, 4) },
  'culprits-unload': { finder: tests('backend/src/reconciliation/fork.test.ts') },
  'covered-unload': {
    becomes: "'paid'",
    finder: tests('backend/src/reconciliation/ledger.test.ts'),
  },
  'answer-once': { finder: tests('backend/src/reconciliation/upload.test.ts') },
  'refund-once': { finder: tests('backend/src/reconciliation/lost.test.ts') },
  'refund-due': {
    becomes: 'row?.horizon != null && row.refundPending',
    finder: tests('backend/src/reconciliation/lost.test.ts'),
  },
  'horizon-moves': {
    becomes: '{ syncedAt: time, horizon: work.purse.horizon }',
    finder: tests('backend/src/reconciliation/lost.test.ts'),
  },
  'credit-once': { finder: worlds(1, 4) },
  'key-from-position': { finder: tests('backend/src/reconciliation/upload.test.ts') },
  'accept-by': { finder: tests('trusted-app/src/commands/receive.test.ts') },
  'accept-once': { finder: worlds(1, 4) },
  'receipt-or-void': { finder: worlds(1, 4) },
  'payer-cap': { finder: tests('trusted-app/src/commands/receive.test.ts') },
  'debit-before-signature': { finder: worlds(1, 4) },
  'forget-closed-only': {
    becomes: '({ seq }) => seq <= purse.ackedTo',
    finder: tests('trusted-app/src/commands/replay-memory.test.ts'),
  },
  'contact-salt': {
    becomes: 'sha256(new Uint8Array(0))',
    finder: tests('protocol/src/witness.test.ts'),
  },
  'witness-expires': { finder: tests('wallet/src/contact/witness.test.ts') },
  'witness-asked': {
    becomes: '[...(this.#told?.values() ?? [])][0]',
    finder: tests('wallet/src/contact/witness-exchange.test.ts'),
  },
  'lapsed-by-floor': { becomes: 'half.addressed && isOpen', finder: worlds(1, 4) },
};
