import { type Bytes, err, type Result } from '@tallystick/protocol';
import { withChecksum, withoutChecksum } from '../../checksum.ts';
import type { Vault } from '../../browser/host.ts';
import { type BrowserOptions, openInBrowser } from '../../browser/open.ts';
import { decodeContent, encodeContent } from '../../isolated/content.ts';
import type { Element } from '../../port.ts';
import { KEYS_ONLY } from '../name.ts';

/**
 * Opens a purse whose keys the browser holds and gives to nobody (WebCrypto, not extractable), while its state
 * lies in the clear in this page's own IndexedDB: **a key that cannot be copied is not money that cannot be
 * copied**. Any script of this origin can edit the balance and sign with the key, and a browser profile that is
 * put back brings the very same key with an old state.
 *
 * The page's content security policy must allow `'wasm-unsafe-eval'`: the image runs in a virtual machine, here
 * for its sameness and its bounds, and as no wall against the page.
 *
 * Fails with BUSY (open in another page), STORAGE_FAILED, TAMPERED (what is stored is damaged), and what an
 * image may be refused with (TS-IMG-2, TS-IMG-3).
 */
export function openKeysOnlyInBrowser(options: BrowserOptions): Promise<Result<Element>> {
  return openInBrowser({ name: KEYS_ONLY, vaultIn: async () => inTheClear }, options);
}

/** A checksum tells damage from what is whole, and stops nobody. */
const inTheClear: Vault = {
  seal: async (content) => withChecksum(encodeContent(content)),
  open: async (stored) => {
    const body: Bytes | null = withoutChecksum(stored);
    return body === null ? err('TAMPERED', 'the stored state is damaged') : decodeContent(body);
  },
};
