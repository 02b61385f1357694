import { amounts } from './chapters/amounts.ts';
import { attestations } from './chapters/attestations.ts';
import { certificates } from './chapters/certificates.ts';
import { encoding } from './chapters/encoding.ts';
import { enrolments, sessions, syncs } from './chapters/exchange.ts';
import { images } from './chapters/images.ts';
import { lostDevices } from './chapters/lost-devices.ts';
import { payments } from './chapters/payments.ts';
import { proofVectors } from './chapters/proofs.ts';
import { answers, logs } from './chapters/records.ts';
import { lists, policies } from './chapters/scheme.ts';
import { signatures } from './chapters/signatures.ts';
import { witnesses } from './chapters/witnesses.ts';
import type { VectorFile } from './file.ts';

export { withTables } from './tables.ts';

/** Every file of vectors, in the order of the chapters. */
export const vectorFiles: readonly VectorFile[] = [
  encoding,
  amounts,
  signatures,
  certificates,
  payments,
  answers,
  logs,
  policies,
  lists,
  proofVectors,
  syncs,
  enrolments,
  sessions,
  lostDevices,
  images,
  attestations,
  witnesses,
];

/** A file as it is stored: one line a vector, so that a change shows as what it is. */
export function fileText({ chapter, about, vectors }: VectorFile): string {
  const lines = vectors.map((vector) => `    ${JSON.stringify(vector)}`).join(',\n');
  const head = `  "chapter": ${JSON.stringify(chapter)},\n  "about": ${JSON.stringify(about)},`;
  return `{\n${head}\n  "vectors": [\n${lines}\n  ]\n}\n`;
}
