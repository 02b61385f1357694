import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ElementProgram } from '../isolated/spawn.ts';

const MACHINE = 'quickjs-emscripten';
/** The machine with the packages that it is made of. */
const MACHINE_PACKAGES = [MACHINE, `${MACHINE}-core`, '@jitl'];

const machine = createRequire(import.meta.url).resolve(MACHINE);
const modules = machine.slice(0, machine.lastIndexOf(`${sep}${MACHINE}${sep}`));

/** The program of a virtual secure element's process: it reads the machine's packages besides itself. */
export const VIRTUAL_SE_PROGRAM: ElementProgram = {
  main: new URL('./main.ts', import.meta.url),
  outside: { name: MACHINE, address: pathToFileURL(machine).href },
  readable: MACHINE_PACKAGES.map((name) => join(modules, name, '*')),
};
