import { ED25519, publicKey } from '../../algorithm.ts';
import { type Bytes, concat, toHex } from '../../bytes.ts';
import { decodePurseCertificate, unsignedCertificate } from '../../certificate.ts';
import { encodeSigned, toBeSigned } from '../../cose.ts';
import { payment } from '../../payment.ts';
import { bankA, DAY, NOW } from '../cast.ts';
import { type Forging, forged, hostileKey, littleEndian, ORDER, spelledOver } from '../edwards.ts';
import type { Vector } from '../file.ts';
import { paymentFields, paymentSample } from '../samples.ts';
import { sign, unsigned } from '../signer.ts';
import { invalid, valid } from '../vector.ts';

/** Ed25519 signatures on which libraries differ, under certificates of such keys (TS-ALG-5). */

const SCALAR = 7_919n;
const NONCE = 104_729n;
const { external } = paymentSample.record;

/** A payment signed so, and a certificate of the key it was signed under. */
function made(forging: Forging, change: (signature: Bytes) => Bytes): [Bytes, string] {
  const claims = {
    expires: NOW + 90 * DAY,
    key: publicKey(ED25519, forging.key),
    subject: null,
    profile: { tier: 1, assurance: 0, measurement: 1, statusIndex: 70_004 },
  };
  const above = { alg: bankA.signer.key.alg, ref: bankA.certificate.ref };
  const certificate = sign(unsignedCertificate(claims, above), bankA.signer);
  const { ref } = decodePurseCertificate(certificate);
  const record = unsigned(ED25519, ref, payment.encode(paymentFields), external);
  const signature = change(forged(forging, toBeSigned(record)));
  return [encodeSigned({ ...record, signature }), toHex(certificate)];
}

function refused(
  name: string,
  forging: Partial<Forging>,
  change: (signature: Bytes) => Bytes = (signature) => signature,
): Vector {
  const honest = { key: hostileKey(SCALAR, 0), scalar: SCALAR, nonce: NONCE, eighths: 0 };
  const [wire, certificate] = made({ ...honest, ...forging }, change);
  const options = { external, check: { under: 'certificate', certificate } } as const;
  return invalid(name, 'TS-ALG-5', 'payment', wire, 'BAD_SIGNATURE', options);
}

function held(): Vector {
  const forging = { key: hostileKey(SCALAR, 0), scalar: SCALAR, nonce: NONCE, eighths: 0 };
  const [wire, certificate] = made(forging, (signature) => signature);
  const options = { external, check: { under: 'certificate', certificate } } as const;
  return valid('an Ed25519 signature', 'TS-ALG-5', 'payment', wire, options);
}

function withLargeS(signature: Bytes): Bytes {
  const s = signature.slice(32).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  return concat(signature.subarray(0, 32), littleEndian(s + ORDER));
}

export const edwards: readonly Vector[] = [
  held(),
  refused('Ed25519: S plus the order', {}, withLargeS),
  refused('Ed25519: a commitment moved by a point of order eight', { eighths: 1 }),
  refused('Ed25519: a commitment moved by the point of order two', { eighths: 4 }),
  refused('Ed25519: the neutral element for a commitment', { nonce: 0n }),
  refused('Ed25519: the neutral element for a key', { key: hostileKey(0n, 0), scalar: 0n }),
  refused('Ed25519: a key of order two', { key: hostileKey(0n, 4), scalar: 0n }),
  refused('Ed25519: a key of order eight', { key: hostileKey(0n, 1), scalar: 0n }),
  refused('Ed25519: another spelling of the neutral element for a key', {
    key: spelledOver(1n),
    scalar: 0n,
  }),
  refused('Ed25519: a key whose y is over the field', { key: spelledOver(3n) }),
];
