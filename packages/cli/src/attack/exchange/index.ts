import type { Attack } from '../attack.ts';
import { REPLAY_TO_ANOTHER_PAYEE } from './replay.ts';

/** Attacks on what two devices say to each other. */
export const EXCHANGE_ATTACKS: readonly Attack[] = [REPLAY_TO_ANOTHER_PAYEE];
