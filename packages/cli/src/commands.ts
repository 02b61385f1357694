import type { Command } from './command/command.ts';
import { inspect } from './inspect/command.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [inspect];
