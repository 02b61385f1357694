import { describe, expect, test } from 'vitest';
import { ED25519, runChecking } from './algorithm.ts';
import { concat } from './bytes.ts';
import { type Cbor, encodeCbor } from './cbor.ts';
import { checkCertificate, decodePurseCertificate, encodeClaims } from './certificate.ts';
import { encodeSigned, NO_EXTERNAL } from './cose.ts';
import { type ErrorCode, PRECEDENCE } from './errors.ts';
import { LIMITS } from './limits.ts';
import { softwareVerify } from './software.ts';
import { answer, checkIssuerMessage } from './sync.ts';
import { codeOf, hex } from './testing/outcome.ts';
import { alice, bankA, bankB, issuerA, NOW, trust } from './vectors/cast.ts';
import { answerSample, filler } from './vectors/samples.ts';
import { signature, signerOf } from './vectors/signer.ts';

/**
 * The layers of a signed message, outermost first (TS-ERR-2): a fault of an outer one is reported
 * before any of an inner one, and within one layer the table of codes decides.
 */
const LAYERS = ['envelope', 'header', 'form', 'payload', 'trust'] as const;
type Layer = (typeof LAYERS)[number];

/** What is wrong with an answer, one switch a fault. */
interface Draft {
  header: Cbor;
  payload: Cbor;
  unprotected: Cbor;
  signer: typeof issuerA.signer;
  certificate: typeof issuerA.certificate;
  changeSignature: (bytes: Uint8Array) => Uint8Array;
  wrap: (parts: readonly Cbor[]) => Uint8Array;
}

interface Fault {
  readonly layer: Layer;
  readonly code: ErrorCode;
  readonly make: (draft: Draft) => void;
}

const fields = answer.encode(answerSample.fields) as Cbor[];
const header = (alg: number, kid: Uint8Array): Map<number, Cbor> =>
  new Map<number, Cbor>([
    [1, alg],
    [4, kid],
  ]);

/** Wraps faults of the outermost layer around whatever the bytes are. */
function around(draft: Draft, change: (bytes: Uint8Array) => Uint8Array): void {
  const inner = draft.wrap;
  draft.wrap = (parts) => change(inner(parts));
}

const FAULTS: readonly Fault[] = [
  {
    layer: 'envelope',
    code: 'OVERSIZED',
    make: (draft) => around(draft, (bytes) => concat(bytes, new Uint8Array(LIMITS.messageBytes))),
  },
  // A head that CBOR reserves.
  {
    layer: 'envelope',
    code: 'MALFORMED',
    make: (draft) => around(draft, (bytes) => concat(hex('1c'), bytes)),
  },
  {
    layer: 'envelope',
    code: 'TRAILING_BYTES',
    make: (draft) => around(draft, (bytes) => concat(bytes, hex('00'))),
  },
  {
    layer: 'envelope',
    code: 'NON_CANONICAL',
    make: (draft) => around(draft, (bytes) => concat(hex('d2'), bytes)),
  },
  {
    layer: 'envelope',
    code: 'BAD_FIELD',
    make: (draft) => {
      draft.unprotected = new Map([[4, 1]]);
    },
  },
  {
    layer: 'header',
    code: 'MISSING_FIELD',
    make: (draft) => {
      draft.header = new Map([...(draft.header as Map<number, Cbor>)].filter(([key]) => key === 1));
    },
  },
  {
    layer: 'form',
    code: 'UNKNOWN_ALGORITHM',
    make: (draft) => {
      draft.header = new Map(draft.header as Map<number, Cbor>).set(1, -35);
    },
  },
  {
    layer: 'form',
    code: 'HIGH_S',
    make: (draft) => {
      draft.changeSignature = (bytes) =>
        concat(bytes.subarray(0, 32), new Uint8Array(32).fill(0xff));
    },
  },
  {
    layer: 'payload',
    code: 'WRONG_KIND',
    make: (draft) => {
      draft.payload = (draft.payload as Cbor[]).with(0, 10);
    },
  },
  {
    layer: 'payload',
    code: 'MISSING_FIELD',
    make: (draft) => {
      draft.payload = (draft.payload as Cbor[]).slice(0, 5);
    },
  },
  {
    layer: 'payload',
    code: 'BAD_FIELD',
    make: (draft) => {
      draft.payload = (draft.payload as Cbor[]).with(1, 'statement');
    },
  },
  {
    layer: 'trust',
    code: 'UNKNOWN_CERTIFICATE',
    make: (draft) => {
      const before = draft.header as Map<number, Cbor>;
      if (before.has(4)) draft.header = new Map(before).set(4, filler(8, 90));
    },
  },
  {
    layer: 'trust',
    code: 'WRONG_ROLE',
    make: (draft) => {
      const profile = { ...draft.certificate.profile, tier: 1 };
      draft.certificate = { ...draft.certificate, profile };
    },
  },
  {
    layer: 'trust',
    code: 'ALGORITHM_MISMATCH',
    make: (draft) => {
      draft.certificate = { ...draft.certificate, key: signerOf('issuer-a', ED25519).key };
    },
  },
  {
    layer: 'trust',
    code: 'BAD_SIGNATURE',
    make: (draft) => {
      draft.signer = alice.signer;
    },
  },
];

function outcome(faults: readonly Fault[]): string {
  const draft: Draft = {
    header: header(issuerA.signer.key.alg, issuerA.certificate.ref),
    payload: fields,
    unprotected: new Map(),
    signer: issuerA.signer,
    certificate: issuerA.certificate,
    changeSignature: (bytes) => bytes,
    wrap: (parts) => encodeCbor(parts),
  };
  for (const { make } of faults) make(draft);
  const payload = encodeCbor(draft.payload);
  const record = {
    alg: issuerA.signer.key.alg,
    kid: issuerA.certificate.ref,
    external: NO_EXTERNAL,
    payload,
  };
  const made = draft.changeSignature(signature(record, draft.signer));
  const wire = draft.wrap([encodeCbor(draft.header), draft.unprotected, payload, made]);
  const check = checkIssuerMessage(wire, draft.certificate, answer, 'answer');
  return codeOf(() => runChecking(check, softwareVerify));
}

function stands({ layer, code }: Fault): number {
  return LAYERS.indexOf(layer) * PRECEDENCE.length + PRECEDENCE.indexOf(code);
}

const pairs = FAULTS.flatMap((one, index) => FAULTS.slice(index + 1).map((other) => [one, other]));

describe('an answer broken in two ways (TS-ERR-1, TS-ERR-2)', () => {
  test('is whole when nothing is broken', () => {
    expect(outcome([])).toBe('OK');
  });

  test.each(FAULTS.map((fault) => [fault.layer, fault.code, fault] as const))(
    'in its %s alone: %s',
    (_layer, code, fault) => {
      expect(outcome([fault])).toBe(code);
    },
  );

  test.each(
    pairs.map(([one, other]) => {
      const first = [one!, other!].toSorted((a, b) => stands(a) - stands(b))[0]!;
      return [one!.code, other!.code, first.code, [one!, other!]] as const;
    }),
  )('%s and %s: %s', (_one, _other, code, faults) => {
    expect(outcome(faults)).toBe(code);
    expect(outcome(faults.toReversed())).toBe(code);
  });
});

describe('a certificate broken in two ways (TS-ERR-3)', () => {
  const expired = { ...alice.certificate, expires: NOW - 1 };
  const verdict = (
    claims: typeof alice.certificate,
    kid: Uint8Array,
    by: typeof bankA.signer,
    algorithm = by.key.alg,
  ): string => {
    const payload = encodeClaims(claims);
    const record = { alg: algorithm, kid, external: NO_EXTERNAL, payload };
    const wire = encodeSigned({ ...record, signature: signature(record, by) });
    const check = checkCertificate(decodePurseCertificate(wire), trust, NOW);
    return codeOf(() => runChecking(check, softwareVerify));
  };
  const known = bankA.certificate.ref;
  const other = signerOf('bank-a', ED25519);

  test.each<[string, () => string, ErrorCode]>([
    ['expired', () => verdict(expired, known, bankA.signer), 'CERTIFICATE_EXPIRED'],
    ['expired and forged', () => verdict(expired, known, bankB.signer), 'BAD_SIGNATURE'],
    [
      'forged and of another algorithm',
      () => verdict(alice.certificate, known, other),
      'ALGORITHM_MISMATCH',
    ],
    [
      'expired and of an unknown issuer',
      () => verdict(expired, filler(8, 1), bankA.signer),
      'UNKNOWN_ISSUER',
    ],
    [
      'of an unknown issuer and another algorithm',
      () => verdict(expired, filler(8, 1), other),
      'UNKNOWN_ISSUER',
    ],
  ])('%s', (_name, run, code) => {
    expect(run()).toBe(code);
  });
});
