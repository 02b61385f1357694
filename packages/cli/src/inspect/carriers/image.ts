import {
  type Bytes,
  checkContent,
  decodePayload,
  decodeSigned,
  decodeSignedImage,
  imageManifest,
} from '@tallystick/protocol';
import { check } from '../checks.ts';
import { explainSigned } from '../explain-signed.ts';
import type { Explained } from '../explained.ts';
import type { Material } from '../material.ts';

/** The trusted application with the manifest that its publisher signed. */
export function explainImage(wire: Bytes, material: Material): Explained {
  const { manifest, code } = decodeSignedImage(wire);
  const named = decodePayload(decodeSigned(manifest).payload, imageManifest, 'image manifest');
  return {
    kind: 'image',
    says: 'the trusted application, as environments take it',
    clause: 'TS-IMG-1',
    bytes: wire.length,
    fields: [
      {
        name: 'code',
        value: `${code.length} bytes`,
        meaning: 'a script in ASCII that any engine runs',
        clause: 'TS-TRE-5',
      },
    ],
    checks: [check('is the image that its manifest names', () => checkContent(code, named))],
    parts: [explainSigned(manifest, material)],
  };
}
