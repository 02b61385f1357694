import type { Environment } from './environment.ts';
import { keysOnly } from './keys-only.ts';
import { plain } from './plain.ts';
import { smartcard } from './smartcard.ts';
import { tee } from './tee.ts';
import { virtualSe } from './virtual-se.ts';

export type { DeviceOptions, Environment, OpenPurse } from './environment.ts';
export { plain } from './plain.ts';
export { teeUncounted } from './tee.ts';

/** Every environment there is, as the design lists them. */
export const ENVIRONMENTS: readonly Environment[] = [plain, keysOnly, tee, smartcard, virtualSe];
