import { generateKeyPairSync } from 'node:crypto';
import { sha256, type SignedImage, unwrap } from '@tallystick/protocol';
import { readPublisherKey, signImage, type TrustedAppImage } from '@tallystick/tre/image';
import type { Arena } from '../arena.ts';
import type { Attack, Finding } from '../attack.ts';
import { finding } from '../attempt.ts';

/** Opens a purse with another image than it runs, and then with its own. */
async function openWith(
  arena: Arena,
  ran: string,
  imageOf: (real: TrustedAppImage) => SignedImage,
): Promise<Finding> {
  const victim = await arena.purse({ amount: 100n });
  const before = await victim.hash();
  await victim.device.close();
  const { code } = arena.image;
  const opened = await victim.device.open({ image: imageOf({ code, measurement: sha256(code) }) });
  await victim.device.close();
  const refusal = opened.ok ? null : opened.error.code;
  await victim.open();
  const after = await victim.hash();
  return finding(refusal === null ? 'succeeded' : 'prevented', { ran, before, after, refusal });
}

/** Another script that does the same, so that it has another measurement. */
function varied({ code }: TrustedAppImage): TrustedAppImage {
  const other = Uint8Array.from([...code, 0x3b]);
  return { code: other, measurement: sha256(other) };
}

/** An image that the publisher once signed, and has replaced. */
export const DOWNGRADE: Attack = {
  name: 'trusted application downgrade',
  group: 'environment',
  attacker: 'app',
  reference: 'Chen et al., Downgrade Attack on TrustZone (2017)',
  aim: 'Bring a version with a known hole back.',
  run: (arena) =>
    openWith(arena, 'opened it with an older image of the same publisher', (real) =>
      signImage(varied(real), 1, arena.publisher),
    ),
};

/** An image of somebody else. */
export const FOREIGN_IMAGE: Attack = {
  name: 'foreign trusted application',
  group: 'environment',
  attacker: 'app',
  reference: 'RFC 9019, 3.1 (firmware updates and their author)',
  aim: 'Run a trusted application of the attacker on the keys of the purse.',
  run: (arena) =>
    openWith(arena, 'opened it with a newer image, signed by another publisher', (real) => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
      return signImage(varied(real), 9, unwrap(readPublisherKey(pem)));
    }),
};

/** The right manifest before other code. */
export const MODIFIED_IMAGE: Attack = {
  name: 'modified trusted application',
  group: 'environment',
  attacker: 'app',
  reference: 'RFC 9019, 3.2 (integrity of the image)',
  aim: 'Change the trusted application behind the manifest that the publisher signed.',
  run: (arena) =>
    openWith(arena, 'opened it with a byte added to the code of its image', (real) => ({
      manifest: signImage(real, 3, arena.publisher).manifest,
      code: varied(real).code,
    })),
};
