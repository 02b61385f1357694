import variant from '@jitl/quickjs-wasmfile-release-sync';
import type { Bytes } from '@tallystick/protocol';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';
import { machineMemory } from '../virtual-se/machine-memory.ts';
import { shareable } from './crypto.ts';

/** The package's types are those of its CommonJS form; bundles take the other, whose default export this is. */
const MACHINE = variant as unknown as QuickJSSyncVariant;

/**
 * Starts a virtual machine from its WebAssembly, which is given and not fetched: where it is built in, nothing
 * needs a way to the network.
 */
export function startMachine(wasm: Bytes): Promise<QuickJSWASMModule> {
  const wasmBinary = shareable(wasm).buffer;
  const given = { wasmBinary, wasmMemory: machineMemory() as WebAssembly.Memory };
  return newQuickJSWASMModuleFromVariant(newVariant(MACHINE, given));
}
