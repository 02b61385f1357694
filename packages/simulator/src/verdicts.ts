import { type SignatureCheck, toHex } from '@tallystick/protocol';

type Verify = (check: SignatureCheck) => boolean;

/** Verdicts remembered before the memory starts anew, where nothing is said. */
const VERDICTS_MAX = 20_000;

/**
 * Verifies each signature once for the whole world: many devices look at the same certificates and
 * lists. A verdict is a pure function of its check, so nothing that happens depends on this.
 */
export function rememberVerdicts(verify: Verify, verdictsMax: number = VERDICTS_MAX): Verify {
  const verdicts = new Map<string, boolean>();
  return (check) => {
    const name = `${toHex(check.signature)}.${toHex(check.key.bytes)}.${toHex(check.message)}`;
    const known = verdicts.get(name);
    if (known !== undefined) return known;
    if (verdicts.size >= verdictsMax) verdicts.clear();
    const verdict = verify(check);
    verdicts.set(name, verdict);
    return verdict;
  };
}
