import {
  type Bytes,
  decodeEntry,
  decodePayload,
  decodePurseCertificate,
  decodeRecord,
  decodeSigned,
  ED25519,
  ES256,
  headAfter,
  RECORD,
  request as requestCodec,
} from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../command.ts';
import type { Effect } from '../effects.ts';
import { TAMPER_LOCK, UNLOCKED } from '../purse.ts';
import {
  ask,
  balance,
  DAY,
  enrolledKey,
  load,
  payCommand,
  personalised,
  receiveCommand,
  restoreCommand,
  settleCommand,
  START,
  sync,
  tap,
  type TestParticipant,
  type TestPurse,
  testScheme,
  transfer,
  voidCommand,
} from '../testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
const EXPIRES = START + 365 * DAY;
let ada: TestPurse;
let bo: TestPurse;

beforeEach(() => {
  ada = personalised(scheme, alpha, 'ada');
  bo = personalised(scheme, beta, 'bo');
  load(ada, alpha, 1_000n);
});

type Change = Parameters<TestParticipant['certify']>[1];

const start = (alg: typeof ES256 | typeof ED25519 = ES256): Command => ({
  kind: 17,
  alg,
  challenge: new Uint8Array(32),
});
const finish = (certificate: Bytes): Command => ({ kind: 18, certificate });

/** Starts a renewal and has the participant certify the new key. */
function started(
  device: TestPurse,
  participant: TestParticipant,
  options: { readonly alg?: typeof ED25519 } & Change = {},
): Bytes {
  const { alg, ...change } = options;
  const { enrolment } = device.get(start(alg), 2);
  return participant.certify(enrolledKey(enrolment), change);
}

function renew(device: TestPurse, participant: TestParticipant, alg?: typeof ED25519): Bytes {
  const certificate = started(device, participant, alg === undefined ? {} : { alg });
  device.get(finish(certificate), 0);
  return certificate;
}

describe('renewal (TS-LOG-5)', () => {
  it('has the old key name the new one, and goes on numbering under it', () => {
    const old = decodePurseCertificate(ada.certificate);
    const { renewal } = ada.get(start(ED25519), 2);
    expect(decodeSigned(renewal!).kid).toEqual(old.ref);
    const certificate = renew(ada, alpha, ED25519);
    const { ref, key } = decodePurseCertificate(certificate);
    const entries = [4, 5].map((seq) => decodeEntry(ada.log.get(seq)!));
    expect(entries.map(({ record }) => record.kid)).toEqual([old.ref, ref]);
    const [named, first] = entries.map(({ record }) => decodeRecord(record.payload));
    expect(named).toMatchObject({ kind: RECORD.renewal, alg: ED25519, key: key.bytes });
    expect(first).toMatchObject({ kind: RECORD.adopt, seq: 5 });
    expect(first?.head).toEqual(headAfter(named!.head, entries[0]!));
    expect(ada.get({ kind: 1 }, 3).certificate).toEqual(certificate);
  });

  it('from ES256 to Ed25519 and back keeps the purse paying and being paid', () => {
    transfer(ada, bo, 100n);
    renew(ada, alpha, ED25519);
    transfer(ada, bo, 100n);
    renew(bo, beta, ED25519);
    transfer(bo, ada, 50n);
    renew(ada, alpha);
    transfer(ada, bo, 10n);
    sync(ada, alpha);
    expect([ada, bo].map(balance)).toEqual([840n, 160n]);
  });

  it('can be begun again after a cut, and then takes the last certificate alone', () => {
    const first = started(ada, alpha);
    ada.restart();
    const second = started(ada, alpha);
    expect(ada.code(finish(first))).toBe('WRONG_KEY');
    expect(ada.code(finish(second))).toBe('OK');
    expect(ada.code(finish(second))).toBe('WRONG_KEY');
    transfer(ada, bo, 10n);
  });

  it('can be finished after a restart, and while the purse is locked', () => {
    ada.get({ kind: 19, current: null, next: Uint8Array.of(1, 2, 3, 4) }, 0);
    const certificate = started(ada, alpha);
    ada.get({ kind: 20 }, 0);
    ada.restart();
    expect(ada.code(start())).toBe('LOCKED');
    expect(ada.code(finish(certificate))).toBe('OK');
  });

  it('is open to a purse whose storage was changed, and does not unlock it (TS-ATT-6)', () => {
    ada.edit({ lock: TAMPER_LOCK });
    renew(ada, alpha);
    expect(ada.get({ kind: 1 }, 3).lock).toBe(TAMPER_LOCK);
    sync(ada, alpha);
    expect(ada.get({ kind: 1 }, 3).lock).toBe(UNLOCKED);
  });

  it('never makes a key where one is in use or may come into use', () => {
    renew(ada, alpha);
    const made: number[] = [];
    ada.meddle = (effect: Effect) => {
      if (effect.kind === 'generate-key') made.push(effect.slot);
      return undefined;
    };
    for (let count = 0; count < 300; count++) {
      const pending = ada.purse.pendingKey?.slot;
      ada.get(start(), 2);
      const used = [...ada.purse.keys.map(({ slot }) => slot), pending];
      expect(used).not.toContain(made.at(-1));
    }
    ada.get(finish(started(ada, alpha)), 0);
    transfer(ada, bo, 10n);
  });
});

describe('payments that a renewal overtakes', () => {
  it('to the old certificate are still taken, and answered under it (INV-TORN)', () => {
    const first = tap(ada, bo, 100n);
    const second = tap(ada, bo, 50n, { despiteDoubt: true });
    renew(bo, beta, ED25519);
    const receipt = bo.get(receiveCommand(first), 6);
    bo.restart();
    expect(bo.get(receiveCommand(first), 6)).toEqual(receipt);
    ada.get(settleCommand(first, receipt), 0);
    ada.get(restoreCommand(second, bo.get(voidCommand(second), 6)), 0);
    expect([ada, bo].map(balance)).toEqual([900n, 100n]);
    expect(ada.get({ kind: 1 }, 3).open.map(({ accepted }) => accepted)).toEqual([true]);
  });

  it('from the old certificate can be retried, settled and taken back', () => {
    const first = tap(ada, bo, 100n);
    const second = tap(ada, bo, 50n, { despiteDoubt: true });
    renew(ada, alpha, ED25519);
    expect(ada.get({ kind: 10, paymentId: first.id }, 1).message).toEqual(first.payment);
    ada.get(settleCommand(first, bo.get(receiveCommand(first), 6)), 0);
    ada.get(restoreCommand(second, bo.get(voidCommand(second), 6)), 0);
    expect([ada, bo].map(balance)).toEqual([900n, 100n]);
  });

  it('more often than keys are kept are left to reconciliation', () => {
    const sent = tap(ada, bo, 100n);
    const got = tap(ada, bo, 50n, { despiteDoubt: true });
    bo.get(receiveCommand(got), 6);
    for (let count = 0; count < 4; count++) {
      renew(ada, alpha);
      renew(bo, beta);
    }
    expect(bo.purse.keys.length).toBe(4);
    expect(bo.code(receiveCommand(sent))).toBe('WRONG_PAYEE');
    expect(bo.code(receiveCommand(got, false))).toBe('OK');
    expect(bo.code(receiveCommand(got))).toBe('NEEDS_SYNC');
    expect(ada.code({ kind: 10, paymentId: sent.id })).toBe('NEEDS_SYNC');
    const evidence = alpha.close(sent.id, sent.id, START);
    ada.get({ kind: 9, evidence, certificate: alpha.issuer.certificate }, 0);
    expect([ada, bo].map(balance)).toEqual([950n, 50n]);
  });
});

describe('a certificate that is no renewal', () => {
  function refused(change: Change & { readonly alg?: typeof ED25519 }, by = alpha): string {
    const certificate = started(ada, by, change);
    const before = ada.backup();
    const code = ada.code(finish(certificate));
    expect(ada.backup()).toEqual(before);
    return code;
  }

  it('of another participant, or of a tier the policy does not list', () => {
    expect(refused({}, beta)).toBe('WRONG_ROLE');
    expect(refused({ tier: 7 })).toBe('WRONG_ROLE');
    expect(refused({ tier: 0 })).toBe('WRONG_ROLE');
  });

  it('that expires before the one in use, or has expired', () => {
    expect(refused({ expires: EXPIRES - 1 })).toBe('STALE');
    expect(refused({ expires: START })).toBe('CERTIFICATE_EXPIRED');
  });

  it('for an older trusted application (TS-CRT-10)', () => {
    expect(refused({ measurement: 0 })).toBe('MEASUREMENT_DOWNGRADE');
  });

  it('for another key, or of another algorithm than was asked for (TS-CRT-8, TS-CRT-9)', () => {
    ada.get(start(ED25519), 2);
    const { key } = decodePurseCertificate(bo.certificate);
    expect(ada.code(finish(alpha.certify(key)))).toBe('ALGORITHM_DOWNGRADE');
    ada.get(start(ES256), 2);
    expect(ada.code(finish(alpha.certify(key)))).toBe('WRONG_KEY');
  });

  it('when no renewal was begun', () => {
    const { key } = decodePurseCertificate(ada.certificate);
    expect(ada.code(finish(alpha.certify(key)))).toBe('WRONG_KEY');
  });

  it("whose signature is not the authority's, although its content was verified before", () => {
    const certificate = started(ada, alpha);
    const spoilt = certificate.slice();
    spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 1;
    // Somebody asks under the good one: it is in the memory of verified certificates from then on.
    const asked = decodePayload(decodeSigned(ask(bo, 1n)).payload, requestCodec, 'request');
    const request = ada.forge(certificate, requestCodec.encode(asked));
    expect(ada.code(payCommand(request, certificate))).toBe('OK');
    expect(ada.code(finish(spoilt))).toBe('BAD_SIGNATURE');
    expect(ada.code(finish(certificate))).toBe('OK');
  });

  it('that cannot be stored can be finished later', () => {
    const certificate = started(ada, alpha);
    const before = ada.backup();
    ada.storageFails = true;
    expect(ada.code(finish(certificate))).toBe('STORAGE_FAILED');
    expect(ada.backup()).toEqual(before);
    expect(ada.code(finish(certificate))).toBe('OK');
  });
});
