import {
  type Algorithm,
  type Bytes,
  decodePayload,
  decodeSigned,
  enrolment as enrolmentCodec,
  ES256,
  type PublicKey,
  publicKey,
} from '@tallystick/protocol';
import type { Command } from '../command.ts';
import { TestDevice } from './device.ts';
import type { TestParticipant, TestScheme } from './scheme.ts';

/** A device whose purse is in use, with the certificate it started with. */
export type TestPurse = TestDevice & { readonly certificate: Bytes };

/** What the first certificate of a test purse says, where it differs. */
export type CertificateChange = Parameters<TestParticipant['certify']>[1];

/** The key that an enrolment asks a certificate for. */
export function enrolledKey(enrolment: Bytes): PublicKey {
  const { alg, key } = decodePayload(decodeSigned(enrolment).payload, enrolmentCodec, 'enrolment');
  return publicKey(alg, key);
}

/** The command that makes a purse of a prepared key. */
export function personaliseCommand(
  scheme: TestScheme,
  certificate: Bytes,
): Extract<Command, { kind: 3 }> {
  return {
    kind: 3,
    scheme: scheme.anchor.scheme,
    rootAlgorithm: scheme.anchor.key.alg,
    rootKey: scheme.anchor.key.bytes,
    authorities: scheme.authorities,
    certificate,
    policy: scheme.signPolicy(),
    list: scheme.signList(),
    operator: scheme.operator.certificate,
  };
}

/** A device that is enrolled and personalised at a participant. */
export function personalised(
  scheme: TestScheme,
  participant: TestParticipant,
  label: string,
  options: { readonly alg?: Algorithm; readonly pin?: Bytes } & CertificateChange = {},
): TestPurse {
  const { alg = ES256, pin = null, ...change } = options;
  const device = new TestDevice(label);
  const { enrolment } = device.get({ kind: 2, alg, challenge: new Uint8Array(32), pin }, 2);
  const certificate = participant.certify(enrolledKey(enrolment), change);
  device.get(personaliseCommand(scheme, certificate), 0);
  return Object.assign(device, { certificate });
}
