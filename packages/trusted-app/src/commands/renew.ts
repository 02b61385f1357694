import {
  checkCertificate,
  decodePurseCertificate,
  demand,
  equal,
  LIMITS,
  reject,
  renewal as renewalCodec,
} from '@tallystick/protocol';
import { append, nextPlace } from '../append.ts';
import type { CommandOf } from '../command.ts';
import { checked, commit, type Steps } from '../effects.ts';
import { freeSlot, ownCertificate } from '../own-keys.ts';
import type { Purse } from '../purse.ts';
import type { Done, Enrol } from '../reply.ts';
import { demandHolderUnlocked, tierOf } from '../rules.ts';
import { signRecord } from '../signing.ts';
import { signatoryOf, trustOf } from '../trust.ts';
import { appendAdoption, type Identity, makeKey, signEnrolment } from './personalise.ts';

/**
 * Makes a new key, perhaps of another algorithm, and has the old one name it in the log (TS-LOG-5).
 * Asked again, it names yet another; only the certificate of the last one is taken.
 */
export function* startRenewal(
  purse: Purse,
  command: CommandOf<17>,
  identity: Identity,
): Steps<Enrol> {
  // Not by a change of its storage: that its issuer may answer only under a new certificate (TS-ATT-6).
  demandHolderUnlocked(purse);
  const place = nextPlace(purse);
  const pendingKey = yield* makeKey(newSlot(purse), command.alg);
  const { alg, key } = pendingKey;
  const added = append(purse, renewalCodec.encode({ ...place, alg, key }));
  const renewing: Purse = { ...added.purse, pendingKey };
  yield* commit(renewing, [added.entry]);
  const renewal = yield* signRecord(renewing, added.record);
  const enrolment = yield* signEnrolment(pendingKey, command.challenge, identity);
  return { kind: 2, enrolment, renewal };
}

function newSlot({ keys, pendingKey }: Purse): number {
  const used = keys.map(({ slot }) => slot);
  return freeSlot(pendingKey === null ? used : [...used, pendingKey.slot]);
}

/** Takes the new certificate into use; its first entry states the head the old key left (TS-LOG-5). */
export function* finishRenewal(purse: Purse, command: CommandOf<18>): Steps<Done> {
  const certificate = decodePurseCertificate(command.certificate);
  const current = ownCertificate(purse);
  const { authority } = signatoryOf(purse, certificate);
  const isOwn = authority.subject === signatoryOf(purse, current).authority.subject;
  demand(isOwn, 'WRONG_ROLE', 'issued by another participant');
  tierOf(purse.policy, certificate);
  // Verified anew whatever was verified before: these very bytes are shown to others from now on.
  yield* checked(checkCertificate(certificate, trustOf(purse), purse.floor));
  demand(certificate.expires >= current.expires, 'STALE', 'it expires earlier');
  const pending = purse.pendingKey ?? reject('WRONG_KEY', 'no renewal was started');
  demand(certificate.key.alg === pending.alg, 'ALGORITHM_DOWNGRADE');
  demand(certificate.profile.measurement >= current.profile.measurement, 'MEASUREMENT_DOWNGRADE');
  // GUARD named-key (rule 8): numbering goes on under the very key that the old one named.
  demand(equal(certificate.key.bytes, pending.key), 'WRONG_KEY');
  const keys = [...purse.keys, { slot: pending.slot, certificate: command.certificate }];
  const first = appendAdoption({
    ...purse,
    keys: keys.slice(-LIMITS.ownCertificates),
    pendingKey: null,
  });
  yield* commit(first.purse, [first.entry]);
  return { kind: 0 };
}
