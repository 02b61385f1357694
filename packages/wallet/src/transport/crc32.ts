/** One table row per byte value, for the reflected polynomial of ISO 3309 and Ethernet. */
const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let row = byte;
  for (let bit = 0; bit < 8; bit++) row = (row >>> 1) ^ (row & 1 ? 0xedb88320 : 0);
  return row;
});

/** CRC-32 (ISO 3309), as an unsigned number. Finds accidents; a forger simply computes it anew. */
export function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ (TABLE[(sum ^ byte) & 0xff] ?? 0);
  return ~sum >>> 0;
}
