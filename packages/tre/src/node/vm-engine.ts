import { createContext, Script } from 'node:vm';
import type { Bytes } from '@tallystick/protocol';
import type { Image } from '../image/outside.ts';

/** Compiled images: a program opens more than one purse. */
const compiled: WeakMap<Bytes, Script> = new WeakMap();

/**
 * Runs an image in a context of this process's own engine: no platform function is in reach of it, and
 * it is as fast as any other code here. It is no wall: whoever controls this process controls the image.
 */
export function vmEngine(code: Bytes): Image {
  const script = compiled.get(code) ?? new Script(Buffer.from(code).toString('latin1'));
  compiled.set(code, script);
  const context = createContext(
    {},
    { codeGeneration: { strings: false, wasm: false }, name: 'trusted application' },
  );
  // As in a bare engine, there is neither clock nor randomness.
  new Script('delete globalThis.Date; delete Math.random').runInContext(context);
  script.runInContext(context);
  const { tallystick } = context as { readonly tallystick: Exports };
  return (call) => new Uint8Array(tallystick.call(call.slice().buffer));
}

/** What an image defines (TS-TRE-5). */
interface Exports {
  readonly call: (request: ArrayBuffer) => ArrayBuffer;
}
