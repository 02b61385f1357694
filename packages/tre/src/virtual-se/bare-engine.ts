import type { Bytes } from '@tallystick/protocol';
import { getQuickJS } from 'quickjs-emscripten';
import { type BareEngine, startEngine } from './engine.ts';

/** Loads a script into an engine of its own, on the machine of this process. */
export async function bareEngine(code: Bytes): Promise<BareEngine> {
  return startEngine(await getQuickJS(), code);
}
