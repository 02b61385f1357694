import {
  type Bytes,
  type Cbor,
  decodeCbor,
  decodePurseCertificate,
  ED25519,
  encodeProof,
  requestDigest,
  timeReset,
  toHex,
  type Unsigned,
} from '@tallystick/protocol';
import type { Command } from '@tallystick/trusted-app';
import {
  answerCommand,
  ask,
  enrolledKey,
  load,
  payCommand,
  personalised,
  receiveCommand,
  restoreCommand,
  settleCommand,
  START,
  tap,
  TestDevice,
  type TestPurse,
  testScheme,
  voidCommand,
} from '@tallystick/trusted-app/testing';

/** Signs a changed payload under the certificate it named before. */
export type Sign = (message: Omit<Unsigned, 'alg' | 'kid'>) => Bytes;

/** Purses in every state, and one command of each kind that would succeed on the first of them. */
export interface Cast {
  readonly devices: readonly TestDevice[];
  readonly commands: readonly Command[];
  /** By hex reference of the certificate. Only parties that may bring money into being. */
  readonly signers: ReadonlyMap<string, Sign>;
}

const PIN = Uint8Array.of(1, 2, 3, 4);

export function cast(): Cast {
  const scheme = testScheme();
  const [alpha, beta] = scheme.participants;
  const ada = personalised(scheme, alpha, 'ada', { pin: PIN });
  const bo = personalised(scheme, beta, 'bo', { pin: PIN });
  load(ada, alpha, 9_000n);
  load(bo, beta, 9_000n);
  const accepted = tap(ada, bo, 10n);
  const receipt = bo.get(receiveCommand(accepted), 6);
  const voided = tap(bo, ada, 20n);
  const answer = ada.get(voidCommand(voided), 6);
  const returned = tap(ada, bo, 25n, { despiteDoubt: true });
  const refused = bo.get(voidCommand(returned), 6);
  const incoming = tap(bo, ada, 30n, { despiteDoubt: true });
  const second = tap(bo, ada, 40n, { despiteDoubt: true });
  const statement = ada.get({ kind: 11 }, 4);
  const exhibit = { external: requestDigest(accepted.request), record: accepted.payment };
  const { certificate } = ada;
  const proof = encodeProof({ kind: 1, certificate, first: exhibit, second: exhibit });
  const { enrolment } = ada.get({ kind: 17, alg: ED25519, challenge: new Uint8Array(32) }, 2);
  const reset = scheme.signByRoot(timeReset.encode({ version: 1, floor: START }));
  const operator = scheme.operator.certificate;
  const commands: Command[] = [
    { kind: 1 },
    { kind: 2, alg: ED25519, challenge: new Uint8Array(32), pin: PIN },
    { kind: 4, currency: 978, amount: 5n, expires: START + 5, isStatic: true },
    payCommand(ask(bo, 50n), bo.certificate, { pin: PIN, despiteDoubt: true }),
    receiveCommand(incoming),
    voidCommand(second),
    settleCommand(accepted, receipt),
    restoreCommand(voided, answer),
    restoreCommand(returned, refused),
    { kind: 10, paymentId: accepted.id },
    { kind: 11 },
    answerCommand(ada, alpha, statement),
    { kind: 13, policy: scheme.signPolicy({ version: 2 }) },
    { kind: 14, list: scheme.signList({ version: 2, revoked: [3] }), certificate: operator },
    { kind: 15, proof },
    { kind: 16, reset },
    { kind: 18, certificate: alpha.certify(enrolledKey(enrolment)) },
    { kind: 19, current: PIN, next: PIN },
    { kind: 20 },
    { kind: 21, pin: PIN },
  ];
  return { devices: [ada, ...others(ada)], commands, signers: signersOf(scheme, bo) };
}

/** A device without purse, one with a key, one locked by its holder, one whose storage was put back. */
function others(ada: TestPurse): TestDevice[] {
  const prepared = new TestDevice('prepared');
  prepared.get({ kind: 2, alg: ED25519, challenge: new Uint8Array(32), pin: PIN }, 2);
  const locked = ada.clone('locked');
  locked.get({ kind: 20 }, 0);
  const tampered = ada.clone('tampered');
  tampered.edit({ lock: 2 });
  const full = ada.clone('full');
  const answered = { seq: 1, verdict: 1, acceptBy: START + 10_000_000 } as const;
  full.edit({
    answered: Array.from({ length: 2_048 }, (_, at) => ({ ...answered, id: idOf(at) })),
  });
  return [new TestDevice('empty'), prepared, locked, tampered, full];
}

function idOf(number: number): Bytes {
  const id = new Uint8Array(32);
  new DataView(id.buffer).setUint32(0, number);
  return id;
}

function signersOf(scheme: ReturnType<typeof testScheme>, bo: TestPurse): Map<string, Sign> {
  const [alpha, beta] = scheme.participants;
  const issuing = [scheme.operator, alpha.issuer, beta.issuer];
  const signers = new Map<string, Sign>(
    issuing.map((signer) => [toHex(signer.ref), (message) => signer.signBytes(message)]),
  );
  return signers.set(...payerSigner(bo));
}

/** Bo's own element, broken: it signs whatever it is told to. */
function payerSigner(bo: TestPurse): [string, Sign] {
  const { ref } = decodePurseCertificate(bo.certificate);
  return [
    toHex(ref),
    ({ payload, external }) => bo.forge(bo.certificate, decodeCbor(payload) as Cbor, external),
  ];
}
