import { type PublicKey } from '../../algorithm.ts';
import { toHex } from '../../bytes.ts';
import { encodeCbor } from '../../cbor.ts';
import { keyRef } from '../../enrolment.ts';
import type { ErrorCode } from '../../errors.ts';
import { imageManifest, type ImageManifest, unsignedManifest } from '../../image-manifest.ts';
import { LIMITS } from '../../limits.ts';
import type { Check, Vector, VectorFile } from '../file.ts';
import {
  enrolmentSample,
  imageFields,
  imageSample,
  publisher,
  signedImageWire,
} from '../samples.ts';
import { type Signer, sign, signerOf } from '../signer.ts';
import { invalid, valid } from '../vector.ts';
import { partsOf, resigned, type Spoilable, spoiledFields } from './payload.ts';

const under = ({ alg, bytes }: PublicKey): { readonly check: Check } => ({
  check: { under: 'publisher', publisher: { alg, key: toHex(bytes) } },
});
const checked = under(publisher.key);
const stranger = signerOf('mallory');

const spoilable: Spoilable = {
  of: 'image-manifest',
  clause: 'TS-IMG-1',
  record: imageSample.record,
  signer: publisher,
  fields: ['version', 'size', 'sha256'],
};
const VERSION = 1;
const SIZE = 2;

function withPart(name: string, place: number, item: number): Vector {
  const bytes = resigned(spoilable, partsOf(spoilable).with(place, item));
  return invalid(name, 'TS-IMG-1', 'image-manifest', bytes, 'BAD_FIELD');
}

/** A manifest that names one key and is signed by another's. */
function signedBy(name: string, by: Signer, named: PublicKey, code: ErrorCode): Vector {
  const record = { ...imageSample.record, alg: by.key.alg, kid: keyRef(named) };
  return invalid(name, 'TS-IMG-2', 'image-manifest', sign(record, by), code, checked);
}

function manifestOf(change: Partial<ImageManifest>): Uint8Array {
  return sign(unsignedManifest({ ...imageFields, ...change }, publisher.key), publisher);
}

const last = { version: LIMITS.imageVersion, size: LIMITS.imageBytes };

export const images: VectorFile = {
  chapter: '24-image',
  about: 'Manifests of the trusted application, and images with them.',
  vectors: [
    valid('a manifest', 'TS-IMG-1', 'image-manifest', imageSample.wire, checked),
    valid('the last version', 'TS-IMG-1', 'image-manifest', manifestOf(last), checked),
    ...spoiledFields(spoilable),
    withPart('version 0', VERSION, 0),
    withPart('a version past the last', VERSION, LIMITS.imageVersion + 1),
    withPart('an image of no bytes', SIZE, 0),
    withPart('an image past the limit', SIZE, LIMITS.imageBytes + 1),
    signedBy('a manifest of another publisher', stranger, stranger.key, 'UNKNOWN_ISSUER'),
    signedBy('a forged manifest', stranger, publisher.key, 'BAD_SIGNATURE'),
    invalid(
      'an enrolment in place of a manifest',
      'TS-ENC-5',
      'image-manifest',
      enrolmentSample.wire,
      'WRONG_KIND',
    ),
    valid('an image with its manifest', 'TS-IMG-1', 'signed-image', signedImageWire),
    invalid(
      'an image without its code',
      'TS-IMG-1',
      'signed-image',
      encodeCbor([imageSample.wire]),
      'MISSING_FIELD',
    ),
    invalid(
      'an image with empty code',
      'TS-IMG-1',
      'signed-image',
      encodeCbor([imageSample.wire, new Uint8Array(0)]),
      'BAD_FIELD',
    ),
    invalid(
      'an image with more behind it',
      'TS-IMG-1',
      'signed-image',
      encodeCbor([imageSample.wire, new Uint8Array(1), 0]),
      'BAD_FIELD',
    ),
    invalid(
      'a bare manifest in place of an image',
      'TS-IMG-1',
      'signed-image',
      encodeCbor(imageManifest.encode(imageFields)),
      'BAD_FIELD',
    ),
  ],
};
