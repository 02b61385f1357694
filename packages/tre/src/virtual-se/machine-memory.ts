/** Pages of 64 KiB: 80 MiB. A purse with a status list of the whole scheme takes 2 MB, the machine itself less. */
const PAGES = 1_280;

/** What is used of WebAssembly, whose types the compiler knows in browsers alone. */
interface Memories {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => object;
}
const { Memory } = (globalThis as unknown as { readonly WebAssembly: Memories }).WebAssembly;

/**
 * All the memory that a machine ever has, for a variant's `wasmMemory`. The engine's own limit does not hold, since
 * its allocator cannot tell in WebAssembly how large a block is; this one does. It is there from the start, as far
 * as the system hands it out, since the binding loses track of a memory that grows while a job runs.
 */
export function machineMemory(): object {
  return new Memory({ initial: PAGES, maximum: PAGES });
}
