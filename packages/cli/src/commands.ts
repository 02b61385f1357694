import type { Command } from './command/command.ts';
import { attack } from './attack/command.ts';
import { audit } from './audit/command.ts';
import { bench } from './bench/command.ts';
import { conformance } from './conformance/command.ts';
import { demo } from './demo/command.ts';
import { image } from './image/command.ts';
import { inspect } from './inspect/command.ts';
import { serve } from './serve/command.ts';
import { simulate } from './simulate/command.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  demo,
  serve,
  inspect,
  audit,
  attack,
  simulate,
  conformance,
  image,
  bench,
];
