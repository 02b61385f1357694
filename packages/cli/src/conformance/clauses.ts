import { readdirSync, readFileSync } from 'node:fs';

const SPEC = new URL('../../../../spec/', import.meta.url);
/** Where a clause opens: its number in bold, at the start of a line. */
const OPENING = /^\*\*(TS-[A-Z]{3}-\d+[a-z]?)\*\* /gm;

export interface Clause {
  readonly clause: string;
  readonly chapter: number;
}

/** Every clause of the specification, chapter by chapter, as it stands beside this program. */
export function readClauses(): readonly Clause[] {
  return readdirSync(SPEC)
    .filter((name) => /^\d\d-.*\.md$/.test(name))
    .toSorted()
    .flatMap((name) => {
      const text = readFileSync(new URL(name, SPEC), 'utf8');
      const chapter = Number(name.slice(0, 2));
      return [...text.matchAll(OPENING)].map(([, clause = '']) => ({ clause, chapter }));
    });
}

/** Why no case judges a clause, where it is not that the case is missing. */
const OUT_OF_SIGHT: Readonly<Record<string, string>> = {
  'TS-AMT-1': 'how amounts are held inside cannot be seen over the pipe',
  'TS-AMT-5': 'about what people type and read',
  'TS-CRT-11': 'allows a verifier more, and demands nothing of it',
  'TS-ALG-4': 'no purse signs with ML-DSA-44 yet',
  'TS-POL-6': 'says what an issuer does',
  'TS-SYN-3': 'about the issuer, whom the runner plays',
  'TS-SYN-5': 'about the issuer, whom the runner plays',
  'TS-SYN-6': 'about what the issuer concludes',
  'TS-SYN-8': 'about the issuer, whom the runner plays',
  'TS-ENR-2': 'about the body that is sent over HTTP',
  'TS-API-1': 'about HTTP',
  'TS-PUR-2': 'orders come one at a time',
  'TS-PUR-3': 'commands of a trusted application do not go over the pipe',
  'TS-PUR-4': 'replies of a trusted application do not go over the pipe',
  'TS-HLD-4': 'needs a platform that confirms its holder',
  'TS-CNF-7': 'says what the runner does',
  'TS-TRE-1': 'an environment is judged by its own suite',
  'TS-TRE-2': 'an environment is judged by its own suite',
  'TS-TRE-3': 'needs storage that fails on demand',
  'TS-TRE-4': 'needs storage whose layout is known',
  'TS-TRE-5': 'needs the image of the trusted application',
};

/** Why a clause is not tested by any case. */
export function whyUntested(clause: string): string {
  // Lost devices: what the participant and its backend decide.
  if (clause.startsWith('TS-LOS-')) return 'about the issuer, whom the runner plays';
  if (clause.startsWith('TS-ATT-')) return 'for the issuer to judge, whom the runner plays';
  return OUT_OF_SIGHT[clause] ?? 'no case judges it';
}
