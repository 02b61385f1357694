import { type Attestation, encodeAttestation, enrolmentBinding } from '../../attestation.ts';
import { toHex } from '../../bytes.ts';
import { type Cbor, decodeCbor, encodeCbor } from '../../cbor.ts';
import { LIMITS } from '../../limits.ts';
import { attestations as samples, bodies } from '../carriers.ts';
import type { Vector, VectorFile } from '../file.ts';
import { enrolmentFields, enrolmentSample, filler } from '../samples.ts';
import { invalid, valid } from '../vector.ts';
import { spoiledParts } from './exchange.ts';

const [ofTpm, , ofWebauthn] = samples;

function partsOf(attestation: Attestation | undefined): readonly Cbor[] {
  if (attestation === undefined) throw new TypeError('a sample is missing');
  return decodeCbor(encodeAttestation(attestation)) as readonly Cbor[];
}

function withPart(name: string, place: number, item: Cbor): Vector {
  const bytes = encodeCbor(partsOf(ofTpm).with(place, item));
  return invalid(name, 'TS-ATT-2', 'attestation', bytes, 'BAD_FIELD');
}

const body = (name: string): Uint8Array => bodies[name] ?? filler(0, 0);

export const attestations: VectorFile = {
  chapter: '26-attestation',
  about: 'Evidence of where a key lives, and what hardware is asked with.',
  vectors: [
    {
      name: 'what evidence of an enrolment must be about',
      clause: 'TS-ATT-1',
      of: 'enrolment-binding',
      input: toHex(enrolmentSample.wire),
      expect: { fields: { binding: toHex(enrolmentBinding(enrolmentFields)) } },
    },
    ...samples.map((each, at) =>
      valid(
        `evidence, sample ${at + 1}: kind ${each.kind}`,
        'TS-ATT-2',
        'attestation',
        encodeAttestation(each),
      ),
    ),
    ...spoiledParts('attestation', 'TS-ATT-2', encodeCbor(partsOf(ofTpm)), [
      'attestationKey',
      'key',
      'certified',
      'quote',
      'counter',
    ]),
    ...spoiledParts('attestation', 'TS-ATT-2', encodeCbor(partsOf(ofWebauthn)), [
      'attestationObject',
      'clientData',
    ]).slice(0, -1),
    withPart('evidence with an empty public area', 1, filler(0, 0)),
    withPart('evidence with a public area too long', 2, filler(LIMITS.tpmStructureBytes + 1, 1)),
    withPart('evidence with a signature cut short', 3, [filler(80, 1), filler(63, 1)]),
    withPart('evidence with a handle too large', 5, [2 ** 32, [filler(80, 1), filler(64, 1)]]),
    invalid(
      'evidence of no kind',
      'TS-ATT-2',
      'attestation',
      encodeCbor([5, filler(8, 1)]),
      'WRONG_KIND',
    ),
    valid('an introduction', 'TS-ATT-3', 'introduction', body('introduction')),
    ...spoiledParts('introduction', 'TS-ATT-3', body('introduction'), ['attestationKey', 'chain']),
    invalid(
      'an introduction with too many certificates',
      'TS-ATT-3',
      'introduction',
      encodeCbor([1, filler(88, 1), Array.from({ length: 5 }, () => filler(20, 2))]),
      'BAD_FIELD',
    ),
    valid('a credential', 'TS-ATT-3', 'credential', body('credential')),
    ...spoiledParts('credential', 'TS-ATT-3', body('credential'), ['object', 'secret']),
  ],
};
