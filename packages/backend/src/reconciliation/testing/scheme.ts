import {
  anchorRef,
  type AuthorityCertificate,
  type Bytes,
  decodeAuthority,
  decodePurseCertificate,
  encodeSigned,
  ES256,
  ISSUER_TIER,
  OPERATOR,
  PARTICIPANT,
  type PublicKey,
  type PurseCertificate,
  type PurseProfile,
  sha256,
  type Signed,
  toBeSigned,
  toHex,
  type TrustStore,
  type Unsigned,
  unsignedCertificate,
  unsignedStatusList,
} from '@tallystick/protocol';
import { softwarePublicKey, softwareSign } from '@tallystick/protocol/software';
import type { CertificateRow } from '../../store/rows.ts';
import type { Issuer } from '../context.ts';

/** A key from a name: tests need the same bytes every time. */
export interface NamedKey {
  readonly secret: Bytes;
  readonly key: PublicKey;
}

const LATER = 4_000_000_000;

export function namedKey(name: string): NamedKey {
  const secret = sha256(Uint8Array.from(name, (character) => character.codePointAt(0) ?? 0));
  return { secret, key: softwarePublicKey(ES256, secret) };
}

/** Signs as RFC 6979 says, so that a script gives the same bytes every time. */
export function signWith({ secret }: NamedKey, message: Unsigned): Signed {
  return { ...message, signature: softwareSign(message.alg, secret, toBeSigned(message)) };
}

/** A participant: its authority, and the issuing key of tier 0. */
export interface Party {
  readonly code: string;
  readonly authority: AuthorityCertificate;
  readonly authorityKey: NamedKey;
  readonly issuing: PurseCertificate;
  readonly issuingKey: NamedKey;
}

/** A scheme with an operator and some participants, made of nothing but names. */
export class TestScheme {
  readonly parties: ReadonlyMap<string, Party>;
  readonly operator: Party;
  readonly trust: TrustStore;
  #statusIndex = 100;

  constructor(codes: readonly string[]) {
    const root = namedKey('root');
    const anchor = { scheme: 'test', key: root.key };
    const party = (code: string, role: typeof OPERATOR | typeof PARTICIPANT): Party => {
      const authorityKey = namedKey(`authority ${code}`);
      const issuingKey = namedKey(`issuing ${code}`);
      const claims = {
        expires: LATER,
        key: authorityKey.key,
        subject: code,
        profile: { scheme: 'test', role },
      };
      const draft = unsignedCertificate(claims, { alg: ES256, ref: anchorRef(anchor) });
      const authority = decodeAuthority(encodeSigned(signWith(root, draft)));
      const profile = { tier: ISSUER_TIER, assurance: 0, measurement: 0, statusIndex: 0 };
      const issuing = certify({ authority, authorityKey }, issuingKey.key, profile, code);
      return { code, authority, authorityKey, issuing, issuingKey };
    };
    this.parties = new Map(codes.map((code) => [code, party(code, PARTICIPANT)]));
    this.operator = party('OPERATOR', OPERATOR);
    const all = [this.operator, ...this.parties.values()];
    const authorities = new Map(all.map(({ authority }) => [toHex(authority.ref), authority]));
    this.trust = { anchor, authorities };
  }

  party(code: string): Party {
    const party = this.parties.get(code);
    if (party === undefined) throw new Error(`no participant ${code}`);
    return party;
  }

  /** A purse certificate of a participant, with the next status index. */
  certifyPurse(participant: string, key: PublicKey): PurseCertificate {
    const profile = { tier: 1, assurance: 0, measurement: 0, statusIndex: this.#statusIndex++ };
    return certify(this.party(participant), key, profile, null);
  }

  /** Signs as the participants and the operator do. */
  issuer(): Issuer {
    return {
      listUri: 'https://status.example/1',
      sign: async (participant, { external, payload }) => {
        const { issuing, issuingKey } = this.party(participant);
        return signWith(issuingKey, { alg: ES256, kid: issuing.ref, external, payload });
      },
      signList: async (list) => {
        const { issuing, issuingKey } = this.operator;
        return encodeSigned(
          signWith(issuingKey, unsignedStatusList(list, { alg: ES256, ref: issuing.ref })),
        );
      },
    };
  }
}

function certify(
  by: Pick<Party, 'authority' | 'authorityKey'>,
  key: PublicKey,
  profile: PurseProfile,
  subject: string | null,
): PurseCertificate {
  const claims = { expires: LATER, key, subject, profile };
  const draft = unsignedCertificate(claims, { alg: ES256, ref: by.authority.ref });
  return decodePurseCertificate(encodeSigned(signWith(by.authorityKey, draft)));
}

/** The row of a certificate, as enrolment writes it. */
export function certificateRow(
  certificate: PurseCertificate,
  participant: string,
  purse: string | null,
  fromSeq: number,
): CertificateRow {
  return {
    ref: toHex(certificate.ref),
    purse,
    participant,
    fromSeq,
    statusIndex: certificate.profile.statusIndex,
    alg: certificate.key.alg,
    key: certificate.key.bytes,
    expires: certificate.expires,
    wire: encodeSigned(certificate.signed),
  };
}
