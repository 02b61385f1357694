import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Cbor, encodeCbor } from '@tallystick/protocol';
import type { Assertion, Registration } from '../webauthn.ts';

interface Wish {
  readonly challenge: string;
  readonly relyingParty: string;
}

interface Lies {
  /** The page that it says asked. */
  readonly origin?: string;
  /** The relying party that the authenticator says it answers. */
  readonly relyingParty?: string;
  /** Whether it verified its holder. */
  readonly isVerified?: boolean;
}

const PRESENT = 0x01;
const VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

/** A browser with an authenticator in software (W3C WebAuthn, 6): it has one passkey, and lies when it is told to. */
export class Authenticator {
  readonly #origin: string;
  readonly #credential: Buffer;
  readonly #secret: KeyObject;
  readonly #public: KeyObject;
  counter = 0;

  constructor(origin: string, name: string) {
    this.#origin = origin;
    this.#credential = createHash('sha256').update(name).digest().subarray(0, 16);
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#secret = pair.privateKey;
    this.#public = pair.publicKey;
  }

  get id(): string {
    return this.#credential.toString('base64url');
  }

  /** Makes its passkey. */
  create(
    wish: Wish,
    lies: Lies = {},
    statement: ReadonlyMap<string, Cbor> = new Map(),
  ): Registration {
    const length = Buffer.from([0, this.#credential.length]);
    const data = Buffer.concat([
      this.#data(wish, lies, HAS_CREDENTIAL),
      Buffer.alloc(16),
      length,
      this.#credential,
      encodeCbor(this.#coseKey()),
    ]);
    const object = encodeCbor(
      new Map<string, Cbor>([
        ['fmt', statement.size === 0 ? 'none' : 'packed'],
        ['attStmt', new Map(statement)],
        ['authData', new Uint8Array(data)],
      ]),
    );
    return {
      id: this.id,
      clientData: this.#clientData('webauthn.create', wish, lies).toString('base64url'),
      attestation: Buffer.from(object).toString('base64url'),
    };
  }

  /** Signs with it. */
  get(wish: Wish, lies: Lies = {}): Assertion {
    this.counter += 1;
    const data = this.#data(wish, lies, 0);
    const clientData = this.#clientData('webauthn.get', wish, lies);
    const digest = createHash('sha256').update(clientData).digest();
    const signature = sign('sha256', Buffer.concat([data, digest]), this.#secret);
    return {
      id: this.id,
      clientData: clientData.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: signature.toString('base64url'),
    };
  }

  #data(wish: Wish, { relyingParty, isVerified = true }: Lies, more: number): Buffer {
    const hash = createHash('sha256')
      .update(relyingParty ?? wish.relyingParty)
      .digest();
    const flags = PRESENT | (isVerified ? VERIFIED : 0) | more;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([hash, Buffer.from([flags]), counter]);
  }

  #clientData(type: string, { challenge }: Wish, { origin = this.#origin }: Lies): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  #coseKey(): Map<number, Cbor> {
    const { x = '', y = '' } = this.#public.export({ format: 'jwk' });
    const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64url'));
    return new Map<number, Cbor>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytes(x)],
      [-3, bytes(y)],
    ]);
  }
}
