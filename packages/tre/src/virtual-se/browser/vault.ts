import { type Bytes, concat, err, type Result } from '@tallystick/protocol';
import { shareable } from '../../browser/crypto.ts';
import type { Vault } from '../../browser/host.ts';
import type { Storage } from '../../browser/storage.ts';
import { decodeContent, encodeContent } from '../../isolated/content.ts';

const NAME = 'sealing';
const NONCE_BYTES = 12;
/** A key for anything else must not open a state. */
const PURPOSE = shareable(
  new TextEncoder().encode('tallystick virtual secure element in a browser, sealed state 1'),
);

/**
 * Seals states with AES-256-GCM under a key that the browser keeps with them and gives to nobody; drawn where
 * there is none. An old seal opens like a new one.
 */
export async function sealedVault(storage: Storage): Promise<Vault> {
  const key = (await storage.key(NAME)) ?? (await drawKey(storage));
  return {
    seal: async (content) => {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const clear = shareable(encodeContent(content));
      const sealed = await crypto.subtle.encrypt(params(iv), key, clear);
      return concat(iv, new Uint8Array(sealed));
    },
    open: async (stored) => {
      const opened = await unseal(key, stored);
      return opened.ok ? decodeContent(opened.value) : opened;
    },
  };
}

async function drawKey(storage: Storage): Promise<CryptoKey> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  await storage.keepKey(NAME, key);
  return key;
}

async function unseal(key: CryptoKey, sealed: Bytes): Promise<Result<Bytes>> {
  try {
    const iv = shareable(sealed.subarray(0, NONCE_BYTES));
    const body = shareable(sealed.subarray(NONCE_BYTES));
    const clear = await crypto.subtle.decrypt(params(iv), key, body);
    return { ok: true, value: new Uint8Array(clear) };
  } catch {
    return err('TAMPERED', 'the state was sealed under another key, or changed');
  }
}

function params(iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: PURPOSE };
}
