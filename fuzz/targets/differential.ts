import {
  ALGORITHMS,
  type Bytes,
  concat,
  decodeCbor,
  ED25519,
  ES256,
  Rejection,
  type SignatureCheck,
} from '@tallystick/protocol';
import {
  softwarePublicKey,
  softwareSecretKey,
  softwareSign,
  softwareVerify,
} from '@tallystick/protocol/software';
import { everyMessage, forged, hostileKey } from '@tallystick/protocol/vectors/material';
import { createNativeVerifier } from '@tallystick/backend';
import { decode, dcborDecodeOptions } from 'cbor2';
import type { Random } from '../engine/random.ts';
import { mustHold, type Target } from '../engine/target.ts';
import { BOUNDS } from './defaults.ts';

/** cbor2 hands tagged values on as such; here none is taken. */
const NO_TAGS = new (class extends Map<never, never> {
  override get(): never {
    throw new TypeError('a tag');
  }
})();

const PEER = {
  ...dcborDecodeOptions,
  convertUnsafeIntsToFloat: false,
  rejectBigInts: true,
  rejectFloats: true,
  rejectUndefined: true,
  tags: NO_TAGS,
} as const;

/** Ours against somebody else's: whatever the bytes are, both must judge them alike. */
export function differentialTargets(): Target[] {
  return [cborAgainstPeer(), signaturesAgainstNative()];
}

/** Strict CBOR against cbor2 with its dCBOR options. */
function cborAgainstPeer(): Target {
  return {
    ...BOUNDS,
    name: 'cbor-peer',
    inputMax: 4_096,
    seeds: everyMessage.map(({ bytes }) => bytes),
    run: (input) => {
      const ours = accepts(() => decodeCbor(input));
      const theirs = accepts(() => decode(input.slice(), PEER));
      mustHold(ours === theirs || isKnownDifference(input, ours), disagreement(ours));
    },
  };
}

function disagreement(ours: boolean): string {
  return ours ? 'accepted here, refused by cbor2' : 'refused here, accepted by cbor2';
}

function accepts(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof RangeError && error.message.includes('call stack')) throw error;
    return false;
  }
}

/** Refusals that are bounds of ours, which cbor2 does not have. */
const OUR_BOUNDS = /nested deeper|more than \d+ items|text over|at most \d+$/;

function isKnownDifference(input: Bytes, ours: boolean): boolean {
  if (ours) return false;
  try {
    decodeCbor(input);
    return false;
  } catch (error) {
    return error instanceof Rejection && OUR_BOUNDS.test(error.message);
  }
}

const ALGS = [ES256, ED25519] as const;

/** Plain JavaScript against the engine's own cryptography (TS-ALG-5, TS-SIG-4). */
function signaturesAgainstNative(): Target {
  const native = createNativeVerifier(256);
  return {
    ...BOUNDS,
    name: 'signatures',
    inputMax: 160,
    seeds: [...honest(), ...hostile()],
    deepen: edged,
    run: (input) => {
      const check = checkOf(input);
      if (check === null) return;
      const [ours, theirs] = [softwareVerify(check), native(check)];
      mustHold(ours === theirs, `software says ${ours}, native says ${theirs}`);
    },
  };
}

/** The first byte says which algorithm, then come key, signature and message. */
function checkOf(input: Bytes): SignatureCheck | null {
  const alg = ALGS[(input[0] ?? 0) & 1] ?? ES256;
  const { publicKeyBytes, signatureBytes } = ALGORITHMS[alg];
  const at = 1 + publicKeyBytes;
  if (input.length < at + signatureBytes) return null;
  return {
    key: { alg, bytes: input.slice(1, at) },
    signature: input.slice(at, at + signatureBytes),
    message: input.slice(at + signatureBytes),
  };
}

function packed(alg: (typeof ALGS)[number], key: Bytes, signature: Bytes, message: Bytes): Bytes {
  return concat(Uint8Array.of(ALGS.indexOf(alg)), key, signature, message);
}

function honest(): Bytes[] {
  const message = Uint8Array.of(1, 2, 3);
  return ALGS.flatMap((alg) =>
    [7, 8, 9].map((fill) => {
      const secret = softwareSecretKey(alg, new Uint8Array(48).fill(fill));
      const key = softwarePublicKey(alg, secret).bytes;
      return packed(alg, key, softwareSign(alg, secret, message), message);
    }),
  );
}

/** Every sum of small-order points and honest ones that a key and a commitment can be. */
function hostile(): Bytes[] {
  const message = Uint8Array.of(4, 5);
  const eighths = [0, 1, 2, 3, 4, 5, 6, 7];
  const scalars = [0n, 11n];
  return scalars.flatMap((scalar) =>
    eighths.flatMap((ofKey) =>
      scalars.flatMap((nonce) =>
        eighths.map((each) => {
          const key = hostileKey(scalar, ofKey);
          const signature = forged({ key, scalar, nonce, eighths: each }, message);
          return packed(ED25519, key, signature, message);
        }),
      ),
    ),
  );
}

/** Numbers at the edges of both groups and fields, as 32 bytes in either order. */
const EDGES: readonly bigint[] = [
  0n,
  1n,
  0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
  0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n,
  2n ** 252n + 27742317777372353535851937790883648493n,
  2n ** 255n - 19n,
  2n ** 256n - 1n,
];

/** Puts a number at an edge, or next to one, where a coordinate or scalar stands. */
function edged(input: Bytes, random: Random): Bytes {
  const out = input.slice();
  const isEd = ((input[0] ?? 0) & 1) === 1;
  const edge = random.pick(EDGES) + BigInt(random.below(5)) - 2n;
  const hex = BigInt.asUintN(256, edge).toString(16).padStart(64, '0');
  const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
  const at = random.pick(isEd ? [1, 33, 65] : [2, 34, 66]);
  if (at + 32 <= out.length) out.set(isEd ? bytes.reverse() : bytes, at);
  return out;
}
