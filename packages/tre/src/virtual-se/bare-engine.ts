import type { Bytes } from '@tallystick/protocol';
import { newQuickJSWASMModuleFromVariant, newVariant, RELEASE_SYNC } from 'quickjs-emscripten';
import { type BareEngine, startEngine } from './engine.ts';
import { machineMemory } from './machine-memory.ts';

/** Loads a script into an engine of its own, on a machine of its own. */
export async function bareEngine(code: Bytes): Promise<BareEngine> {
  const variant = newVariant(RELEASE_SYNC, { wasmMemory: machineMemory() });
  return startEngine(await newQuickJSWASMModuleFromVariant(variant), code);
}
