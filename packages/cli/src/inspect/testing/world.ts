import {
  adopt,
  type Bytes,
  type Cbor,
  decodePurseCertificate,
  decodeSigned,
  ED25519,
  encodeBody,
  encodeCbor,
  encodeFrame,
  encodePaymentEvidence,
  encodeProof,
  encodeReply,
  encodeSigned,
  encodeSignedImage,
  encodeUpload,
  enrolment,
  enrolmentReply,
  enrolmentRequest,
  ES256,
  GENESIS,
  keyRef,
  loadReply,
  lostReport,
  NO_EXTERNAL,
  payment,
  type PublicKey,
  type SignedImage,
  unsignedManifest,
  receipt,
  recordId,
  refund,
  statusDelta,
  renewal,
  renewalRequest,
  requestDigest,
  restore,
  sha256,
  timeReset,
  toBeSigned,
  voidRecord,
} from '@tallystick/protocol';
import { softwarePublicKey, softwareSecretKey, softwareSign } from '@tallystick/protocol/software';
import {
  DAY,
  personalised,
  START,
  TEST_MEASUREMENT,
  type TestDevice,
  type TestScheme,
  testScheme,
} from '@tallystick/trusted-app/testing';
import { writeTrust } from '../../trust/trust-file.ts';

/** Ada pays Bo offline, with real trusted applications; Mo signs whatever a test needs. */

type Device = TestDevice & { readonly certificate: Bytes };

export interface World {
  readonly scheme: TestScheme;
  /** Text of a trust file that knows the scheme, its issuing keys, policy and list. */
  readonly trust: string;
  readonly ada: Device;
  readonly bo: Device;
  readonly request: Bytes;
  readonly payment: Bytes;
  readonly paymentId: Bytes;
  readonly receipt: Bytes;
  /** Payment and certificate, as they travel. */
  readonly frame: Bytes;
  readonly mo: Signer;
}

interface Signer {
  readonly key: PublicKey;
  readonly certificate: Bytes;
  sign(payload: Cbor, external?: Bytes): Bytes;
}

export const NOW: number = START + DAY;

const publisherSecret = softwareSecretKey(ES256, fromLabel('publisher'));
const publisher = { secret: publisherSecret, key: softwarePublicKey(ES256, publisherSecret) };

export function makeWorld(): World {
  const scheme = testScheme('inspect');
  const [alpha, beta] = scheme.participants;
  const ada = personalised(scheme, alpha, 'ada');
  const bo = personalised(scheme, beta, 'bo');
  load(scheme, ada, 5_000n);
  const request = ask(bo, 1_250n);
  const paid = pay(ada, bo.certificate, request);
  const answered = bo.get(
    {
      kind: 6,
      payment: paid.message,
      certificate: ada.certificate,
      request,
      wantReceipt: true,
    },
    6,
  );
  return {
    scheme,
    trust: trustOf(scheme),
    ada,
    bo,
    request,
    payment: paid.message,
    paymentId: paid.id,
    receipt: present(answered.message),
    frame: encodeFrame({ kind: 2, payment: paid.message, certificate: ada.certificate }),
    mo: signer(scheme, 'mo'),
  };
}

/** A trust file of the scheme, with some status indices revoked. */
export function trustOf(scheme: TestScheme, revoked: readonly number[] = []): string {
  const { anchor, authorities, operator, participants } = scheme;
  const issuers = participants.map(({ issuer }) => issuer.certificate);
  return writeTrust({
    anchor,
    publisher: publisher.key,
    certificates: [...authorities, operator.certificate, ...issuers],
    policy: scheme.signPolicy(),
    list: scheme.signList({ version: 2, revoked: [...revoked] }),
  });
}

export function ask(payee: TestDevice, amount: bigint | null): Bytes {
  return payee.get({ kind: 4, currency: 978, amount, expires: START + 600, isStatic: false }, 1)
    .message;
}

function pay(
  payer: TestDevice,
  certificate: Bytes,
  request: Bytes,
): { readonly message: Bytes; readonly id: Bytes } {
  return payer.get(
    {
      kind: 5,
      request,
      certificate,
      amount: null,
      pin: null,
      assertHolder: false,
      despiteDoubt: true,
    },
    1,
  );
}

function load(scheme: TestScheme, device: Device, amount: bigint): void {
  const [alpha] = scheme.participants;
  const request = ask(device, amount);
  const loaded = alpha.load(request, device.certificate, amount);
  device.get(
    {
      kind: 6,
      payment: loaded,
      certificate: alpha.issuer.certificate,
      request,
      wantReceipt: false,
    },
    6,
  );
}

function signer(scheme: TestScheme, label: string): Signer {
  const secret = softwareSecretKey(ES256, fromLabel(label));
  const key = softwarePublicKey(ES256, secret);
  const certificate = scheme.participants[0].certify(key);
  const { ref } = decodePurseCertificate(certificate);
  return {
    key,
    certificate,
    sign: (payload, external = NO_EXTERNAL) => {
      const message = { alg: ES256, kid: ref, external, payload: encodeCbor(payload) } as const;
      return encodeSigned({
        ...message,
        signature: softwareSign(ES256, secret, toBeSigned(message)),
      });
    },
  };
}

function fromLabel(label: string): Bytes {
  return Uint8Array.from([...sha256(encodeCbor(label)), ...sha256(encodeCbor([label]))]);
}

/** A message of every kind, by a name of ours. */
export function everyMessage(world: World): Readonly<Record<string, Bytes>> {
  const { scheme, ada, bo, mo, request, paymentId } = world;
  const [alpha] = scheme.participants;
  const stated = ada.get({ kind: 11 }, 4);
  const entries = [...ada.log.entries()]
    .filter(([seq]) => seq >= stated.from)
    .map(([, entry]) => entry);
  const place = { seq: 9, head: GENESIS };
  const answer = alpha.answer(stated.id, stated.to, 1, START + 60);
  const closure = alpha.close(paymentId, stated.id, START + 60);
  const purse = decodePurseCertificate(ada.certificate).ref;
  const lost = alpha.issuer.sign(
    lostReport.encode({
      purse,
      statement: stated.id,
      time: START + 99,
      syncedAt: START + 60,
      offlineSeconds: 604_800,
      expires: START + 2_592_000,
      acceptSeconds: 86_400,
      claimSeconds: 1_209_600,
    }),
  );
  const renewed = renewal.encode({ ...place, alg: ED25519, key: new Uint8Array(32).fill(7) });
  const voided = mo.sign(voidRecord.encode({ ...place, paymentId }));
  const accepted = mo.sign(receipt.encode({ ...place, paymentId, listVersion: 1 }));
  const proof = encodeProof({
    kind: 3,
    certificate: mo.certificate,
    receipt: accepted,
    void: voided,
  });
  const delta = scheme.operator.sign(
    statusDelta.encode({ base: 1, version: 3, issuedAt: START, revoked: [70] }),
  );
  const fresh = newcomer(new Uint8Array(0));
  const image = imageOf(new TextEncoder().encode('var tallystick = {}'));
  return {
    request,
    'static code': alpha.unloadCode,
    payment: world.payment,
    receipt: world.receipt,
    void: voided,
    restore: mo.sign(restore.encode({ ...place, paymentId })),
    adopt: mo.sign(adopt.encode({ ...place, policyVersion: 1, listVersion: 1, floor: START })),
    renewal: mo.sign(renewed),
    statement: stated.statement,
    answer,
    closure,
    'lost report': lost,
    refund: alpha.issuer.sign(
      refund.encode({
        purse,
        number: 1,
        report: recordId(decodeSigned(lost)),
        statement: stated.id,
        payments: [paymentId],
        currency: 978,
        amount: 1_250n,
        time: START + 999,
      }),
    ),
    policy: scheme.signPolicy(),
    'time reset': scheme.signByRoot(timeReset.encode({ version: 1, floor: START })),
    enrolment: fresh,
    'purse certificate': ada.certificate,
    'issuing certificate': alpha.issuer.certificate,
    'authority certificate': present(scheme.authorities[1]),
    'status list': scheme.signList({ version: 3, revoked: [70] }),
    'status delta': delta,
    'delta frame': encodeFrame({ kind: 9, delta, certificate: scheme.operator.certificate }),
    'offer frame': encodeFrame({
      kind: 1,
      request,
      certificate: bo.certificate,
      listVersion: 1,
    }),
    'payment frame': world.frame,
    'payment frame alone': encodeFrame({ kind: 2, payment: world.payment, certificate: null }),
    'receipt frame': encodeFrame({ kind: 3, receipt: world.receipt }),
    'present frame': encodeFrame({
      kind: 4,
      payment: world.payment,
      certificate: ada.certificate,
      request,
      voidIt: true,
    }),
    'void frame': encodeFrame({ kind: 5, void: voided }),
    'list frame': encodeFrame({
      kind: 6,
      list: scheme.signList(),
      certificate: scheme.operator.certificate,
    }),
    'proof frame': encodeFrame({ kind: 7, proof }),
    'answer proof': proof,
    'position proof': positionProof(world),
    log: Uint8Array.from(entries.flatMap((entry) => [...entry])),
    upload: encodeUpload({ statement: stated.statement, entries, proofs: [proof] }),
    'sync reply': encodeReply({
      answer,
      certificates: [alpha.issuer.certificate, scheme.operator.certificate],
      policy: scheme.signPolicy(),
      list: scheme.signList(),
      closures: [closure],
      refused: [{ index: 1, code: 'BAD_SIGNATURE' }],
    }),
    evidence: encodePaymentEvidence({
      payment: world.payment,
      requestDigest: requestDigest(request),
    }),
    'image manifest': image.manifest,
    image: encodeSignedImage(image),
    'enrolment request': encodeBody(enrolmentRequest, {
      enrolment: fresh,
      participant: 'ALPHSESS',
      account: 'account-1',
    }),
    'enrolment reply': encodeBody(enrolmentReply, {
      scheme: scheme.anchor.scheme,
      rootAlgorithm: scheme.anchor.key.alg,
      rootKey: scheme.anchor.key.bytes,
      authorities: scheme.authorities,
      certificate: ada.certificate,
      operator: scheme.operator.certificate,
      issuer: alpha.issuer.certificate,
      policy: scheme.signPolicy(),
      list: scheme.signList(),
      unloadCode: alpha.unloadCode,
    }),
    'load reply': encodeBody(loadReply, {
      payment: alpha.load(request, bo.certificate, 1_250n),
      issuer: alpha.issuer.certificate,
    }),
    'renewal request': encodeBody(renewalRequest, {
      renewal: mo.sign(renewed),
      enrolment: fresh,
    }),
  };
}

/** An image that the publisher of the trust files signed. */
export function imageOf(code: Bytes): SignedImage {
  const manifest = { version: 2, size: code.length, sha256: sha256(code) };
  const message = unsignedManifest(manifest, publisher.key);
  const signature = softwareSign(ES256, publisher.secret, toBeSigned(message));
  return { manifest: encodeSigned({ ...message, signature }), code };
}

function positionProof({ mo, request, bo }: World): Bytes {
  const external = requestDigest(request);
  const exhibit = (amount: bigint): { external: Bytes; record: Bytes } => ({
    external,
    record: mo.sign(
      payment.encode({
        seq: 5,
        head: GENESIS,
        payee: decodePurseCertificate(bo.certificate).ref,
        value: { kind: 1, currency: 978, amount, hop: 1 },
        syncedAt: START,
        acceptMinutes: 60,
      }),
      external,
    ),
  });
  const [first, second] = [exhibit(100n), exhibit(200n)];
  return encodeProof({ kind: 1, certificate: mo.certificate, first, second });
}

/** The enrolment of somebody new, with evidence. */
export function newcomer(evidence: Bytes): Bytes {
  const secret = softwareSecretKey(ES256, fromLabel('newcomer'));
  const key = softwarePublicKey(ES256, secret);
  const message = {
    alg: ES256,
    kid: keyRef(key),
    external: NO_EXTERNAL,
    payload: encodeCbor(
      enrolment.encode({
        alg: ES256,
        key: key.bytes,
        measurement: TEST_MEASUREMENT,
        environment: 'plain-process',
        evidence,
        challenge: new Uint8Array(32),
      }),
    ),
  } as const;
  return encodeSigned({ ...message, signature: softwareSign(ES256, secret, toBeSigned(message)) });
}

function present(bytes: Bytes | null | undefined): Bytes {
  if (bytes == null) throw new Error('the world lacks a message');
  return bytes;
}
