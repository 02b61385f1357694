import {
  attempt,
  checkContent,
  decodePayload,
  decodeSigned,
  equal,
  imageManifest,
  NO_END,
  type Policy,
  type Seconds,
  type SignedImage,
  toHex,
} from '@tallystick/protocol';
import { fail, need, type WalletResult } from '../failure.ts';
import { caller, type HttpOptions } from './http.ts';
import type { Online } from './online.ts';

/**
 * Until when payees take money from a purse that runs this one's image: null while there is no newer
 * one, 0 when they do not any more (TS-IMG-6).
 */
export async function acceptedUntil({ purse, policies }: Online): Promise<Seconds | null> {
  const row = rowOf(await policies.need(), need(await purse.measurement()));
  if (row === undefined) return 0;
  return row.acceptedUntil === NO_END ? null : row.acceptedUntil;
}

/** The row of the policy's measurement registry for an image; the last, where it stands more than once. */
export function rowOf(
  { measurements }: Policy,
  measurement: Uint8Array,
): Policy['measurements'][number] | undefined {
  return measurements.findLast(({ sha256 }) => equal(sha256, measurement));
}

/**
 * Fetches the image of the trusted application that the issuer offers, for an environment to take: it
 * alone verifies who published it (TS-IMG-2). What comes is whole, or BACKEND_UNREACHABLE.
 *
 * @example
 * ```ts
 * import { fetchImage, platformTimer, type WalletResult } from '@tallystick/wallet';
 * import type { SignedImage } from '@tallystick/protocol';
 *
 * export function newestImage(): Promise<WalletResult<SignedImage>> {
 *   const timer = platformTimer({ nowMs: Date.now, setTimeout, clearTimeout });
 *   return fetchImage({ baseUrl: 'https://bank.example', fetch, timer });
 * }
 * ```
 */
export async function fetchImage(options: HttpOptions): Promise<WalletResult<SignedImage>> {
  const call = caller(options);
  const manifest = await call('/v1/image', null);
  if (!manifest.ok) return manifest;
  const read = attempt(() =>
    decodePayload(decodeSigned(manifest.value).payload, imageManifest, 'image manifest'),
  );
  if (!read.ok) return fail('BACKEND_UNREACHABLE', 'its manifest does not read');
  const code = await call(`/v1/image/${toHex(read.value.sha256)}`, null);
  if (!code.ok) return code;
  const whole = attempt(() => checkContent(code.value, read.value));
  if (!whole.ok) return fail('BACKEND_UNREACHABLE', 'the image did not come whole');
  return { ok: true, value: { manifest: manifest.value, code: code.value } };
}
