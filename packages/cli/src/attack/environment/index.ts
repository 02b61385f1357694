import type { Attack } from '../attack.ts';
import { MOVED_STATE } from '../state/clone.ts';
import { CUCKOO, EVIDENCE_REPLAY, UNKNOWN_MAKER } from './attestation.ts';
import { FAKE_ELEMENT, ROGUE_APP } from './binding.ts';
import { DOWNGRADE, FOREIGN_IMAGE, MODIFIED_IMAGE } from './image.ts';
import { CHIP_OPENED, KEY_EXTRACTION, MEMORY_SCAN } from './keys.ts';
import { PIN_BRUTE_FORCE } from './pin.ts';

/** Attacks on where a purse runs. */
export const ENVIRONMENT_ATTACKS: readonly Attack[] = [
  DOWNGRADE,
  FOREIGN_IMAGE,
  MODIFIED_IMAGE,
  KEY_EXTRACTION,
  CHIP_OPENED,
  MEMORY_SCAN,
  PIN_BRUTE_FORCE,
  ROGUE_APP,
  FAKE_ELEMENT,
  MOVED_STATE,
  EVIDENCE_REPLAY,
  UNKNOWN_MAKER,
  CUCKOO,
];
