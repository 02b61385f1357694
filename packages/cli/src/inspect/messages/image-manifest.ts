import {
  checkManifest,
  encodeSigned,
  type ImageManifest,
  imageManifest,
  toHex,
} from '@tallystick/protocol';
import { check, unchecked, verify } from '../checks.ts';
import type { Check } from '../explained.ts';
import { explainFields, field, type FieldTexts, showCount } from '../fields.ts';
import { type Explainer, explainer, type Read } from '../signed.ts';

const TEXTS: FieldTexts<ImageManifest> = {
  version: field(showCount, 'grows; an environment never goes back to an older one', 'TS-IMG-3'),
  size: field(showCount, 'bytes of the image', 'TS-IMG-1'),
  sha256: field(toHex, 'hash of the image: its measurement', 'TS-IMG-1'),
};

export const explainImageManifest: Explainer = explainer<ImageManifest>({
  kind: 'image manifest',
  says: 'which bytes are the trusted application, in which version',
  clause: 'TS-IMG-1',
  codec: imageManifest,
  fields: (message, currency) => explainFields(TEXTS, message, currency),
  checks: (read) => [publisherCheck(read)],
});

function publisherCheck({ signed, material }: Read<ImageManifest>): Check {
  const name = 'signature of the publisher';
  const publisher = material.trust?.publisher ?? null;
  if (publisher === null) {
    return unchecked(
      name,
      'no trust file that names the publisher is at hand: give it with --trust',
    );
  }
  return check(name, () => verify(checkManifest(encodeSigned(signed), publisher)));
}
