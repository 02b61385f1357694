import { demand, equal, LIMITS, reject, renewal as renewalCodec } from '@tallystick/protocol';
import { append, nextPlace, signRecord } from '../append.ts';
import type { CommandOf } from '../command.ts';
import { commit, type Steps } from '../effects.ts';
import type { Purse } from '../purse.ts';
import type { Done, Enrol } from '../reply.ts';
import { demandUnlocked } from '../rules.ts';
import { type Context, ownCertificate, trustedCertificate } from '../trust.ts';
import { appendAdoption, type Identity, makeKey, signEnrolment } from './personalise.ts';

/** Makes a new key, perhaps of another algorithm, and has the old one name it in the log (TS-LOG-5). */
export function* startRenewal(
  purse: Purse,
  command: CommandOf<17>,
  identity: Identity,
): Steps<Enrol> {
  demandUnlocked(purse);
  const slot = ((purse.pendingKey ?? purse.keys.at(-1))?.slot ?? 0) + 1;
  const pendingKey = yield* makeKey(slot % 256, command.alg);
  const added = append(
    purse,
    renewalCodec.encode({ ...nextPlace(purse), alg: pendingKey.alg, key: pendingKey.key }),
  );
  const renewing: Purse = { ...added.purse, pendingKey };
  yield* commit(renewing, [added.entry]);
  const renewal = yield* signRecord(renewing, added.record);
  const enrolment = yield* signEnrolment(pendingKey, command.challenge, identity);
  return { kind: 2, enrolment, renewal };
}

/** Takes the new certificate into use; its first entry states the head the old key left (TS-LOG-5). */
export function* finishRenewal(
  purse: Purse,
  command: CommandOf<18>,
  context: Context,
): Steps<Done> {
  const pending = purse.pendingKey ?? reject('WRONG_KEY', 'no renewal was started');
  const { certificate } = yield* trustedCertificate(purse, context, command.certificate);
  const current = ownCertificate(purse);
  demand(certificate.key.alg === pending.alg, 'ALGORITHM_DOWNGRADE');
  demand(equal(certificate.key.bytes, pending.key), 'WRONG_KEY');
  demand(certificate.profile.measurement >= current.profile.measurement, 'MEASUREMENT_DOWNGRADE');
  demand(certificate.expires >= current.expires, 'STALE', 'it expires earlier');
  const keys = [...purse.keys, { slot: pending.slot, certificate: command.certificate }];
  nextPlace(purse);
  const first = appendAdoption({
    ...purse,
    keys: keys.slice(-LIMITS.ownCertificates),
    pendingKey: null,
  });
  yield* commit(first.purse, [first.entry]);
  return { kind: 0 };
}
