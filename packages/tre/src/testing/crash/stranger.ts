import {
  type Bytes,
  decodePurseCertificate,
  encodeCbor,
  encodeSigned,
  ES256,
  GENESIS,
  NO_EXTERNAL,
  payment as paymentCodec,
  request as requestCodec,
  requestDigest,
  toBeSigned,
} from '@tallystick/protocol';
import { softwarePublicKey, softwareSecretKey, softwareSign } from '@tallystick/protocol/software';
import type { TestParticipant } from '@tallystick/trusted-app/testing';
import { seededRandom } from '../../memory/random.ts';

/**
 * Somebody the purse meets in the street: pays and is paid without a purse of its own. It keeps no
 * account, so it may pay as much as it likes.
 */
export class Stranger {
  readonly certificate: Bytes;
  readonly #random: (length: number) => Bytes;
  readonly #secret: Bytes;
  #seq = 0;

  constructor(participant: TestParticipant, name: string) {
    this.#random = seededRandom(name);
    this.#secret = softwareSecretKey(ES256, this.#random(48));
    this.certificate = participant.certify(softwarePublicKey(ES256, this.#secret));
  }

  #sign(payload: Bytes, external: Bytes): Bytes {
    const { ref: kid } = decodePurseCertificate(this.certificate);
    const message = { alg: ES256, kid, external, payload } as const;
    const signature = softwareSign(ES256, this.#secret, toBeSigned(message));
    return encodeSigned({ ...message, signature });
  }

  request(amount: bigint, expires: number): Bytes {
    const [nonce, tag] = [this.#random(8), this.#random(8)];
    const request = { currency: 978, amount, expires, nonce, tag, isStatic: false };
    return this.#sign(encodeCbor(requestCodec.encode(request)), NO_EXTERNAL);
  }

  pay(request: Bytes, payee: Bytes, amount: bigint, time: number): Bytes {
    this.#seq += 1;
    const payment = {
      seq: this.#seq,
      head: GENESIS,
      payee: decodePurseCertificate(payee).ref,
      value: { kind: 1, currency: 978, amount, hop: 1 },
      syncedAt: time,
      acceptMinutes: 60,
    } as const;
    return this.#sign(encodeCbor(paymentCodec.encode(payment)), requestDigest(request));
  }
}
