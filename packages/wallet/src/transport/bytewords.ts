import { crc32 } from './crc32.ts';

/**
 * BCR-2020-012 "minimal" style: each byte value as the first and last letter of its word, here in
 * capitals, which a QR code's alphanumeric mode holds at 5.5 bits a letter.
 */
const LETTERS =
  'AEADAOAXAAAHAMATAYASBKBDBNBTBABSBEBYBGBWBBBZCMCHCSCFCYCWCECACKCT' +
  'CXCLCPCNDKDADSDIDEDTDRDNDWDPDMDLDYEHEYEOEEECENEMETESFTFRFNFSFMFH' +
  'FZFPFWFXFYFEFGFLFDGAGEGRGSGTGLGWGDGYGMGUGHGOHFHGHDHKHTHPHHHLHYHE' +
  'HNHSIDIAIEIHIYIOISINIMJEJZJNJTJLJOJSJPJKJYKPKOKTKSKKKNKGKEKIKBLB' +
  'LALYLFLSLRLPLNLTLOLDLELULKLGMNMYMHMEMOMUMWMDMTMSMKNLNYNDNSNTNNNE' +
  'NBOYOEOTOXONOLOSPDPTPKPYPSPMPLPEPFPAPRQDQZRERPRLRORHRDRKRFRYRNRS' +
  'RTSESASRSSSKSWSTSPSOSGSBSFSNTOTKTITTTDTETYTLTBTSTPTATNUYUOUTUEUR' +
  'VTVYVOVLVEVWVAVDVSWLWDWMWPWEWYWSWTWNWZWFWKYKYNYLYAYTZSZOZTZCZEZM';

const WORDS: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  LETTERS.slice(byte * 2, byte * 2 + 2),
);

const BYTES: ReadonlyMap<string, number> = new Map(WORDS.map((word, byte) => [word, byte]));

const CHECKSUM_BYTES = 4;

/** The bytes and then their CRC-32, most significant byte first, two letters for each byte. */
export function encodeBytewords(bytes: Uint8Array): string {
  const checksum = crc32(bytes);
  let text = '';
  for (const byte of bytes) text += WORDS[byte];
  for (let shift = 24; shift >= 0; shift -= 8) text += WORDS[(checksum >>> shift) & 0xff];
  return text;
}

/** The bytes, or null when a word is unknown (lower case included) or the checksum differs. */
export function decodeBytewords(text: string): Uint8Array | null {
  if (text.length % 2 !== 0 || text.length < CHECKSUM_BYTES * 2) return null;
  const all = new Uint8Array(text.length / 2);
  for (let index = 0; index < all.length; index++) {
    const byte = BYTES.get(text.slice(index * 2, index * 2 + 2));
    if (byte === undefined) return null;
    all[index] = byte;
  }
  const body = all.slice(0, -CHECKSUM_BYTES);
  const checksum = new DataView(all.buffer).getUint32(body.length);
  return checksum === crc32(body) ? body : null;
}
