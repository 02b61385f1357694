import type { Bytes } from '@tallystick/protocol';
import type {
  QuickJSContext,
  QuickJSHandle,
  QuickJSRuntime,
  QuickJSWASMModule,
} from 'quickjs-emscripten-core';

const STACK_BYTES_MAX = 1_048_576;
/**
 * Longest that one call may compute, counted in the engine's own ticks so that no clock is needed. Reading a
 * status list of the whole scheme, the slowest honest call, takes 324 of them.
 */
const TICKS_MAX = 15_000;

/**
 * A bare engine with one script in it: no clock, no randomness, no codecs, no network, bounded memory and
 * bounded time for each call.
 */
export class BareEngine {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;

  /** Left of the call that runs. */
  #ticks = TICKS_MAX;

  constructor(runtime: QuickJSRuntime, context: QuickJSContext, code: Bytes) {
    this.#runtime = runtime;
    this.#context = context;
    runtime.setMaxStackSize(STACK_BYTES_MAX);
    runtime.setInterruptHandler(() => --this.#ticks < 0);
    this.#run('delete Math.random');
    this.#run(new TextDecoder().decode(code));
  }

  #run(code: string): void {
    this.#context.unwrapResult(this.#context.evalCode(code)).dispose();
  }

  /** Calls a function of the script, bytes to bytes; one that promises is run to its end. */
  call(name: string, bytes: Bytes): Bytes {
    this.#ticks = TICKS_MAX;
    const context = this.#context;
    const module = context.getProp(context.global, 'tallystick');
    const callee = context.getProp(module, name);
    const argument = context.newArrayBuffer(bytes.slice().buffer);
    try {
      const result = context.unwrapResult(context.callFunction(callee, module, argument));
      return this.#bytesOf(this.#settled(result));
    } finally {
      for (const handle of [module, callee, argument]) handle.dispose();
    }
  }

  /** The value itself, or what its promise comes to: here nothing ever waits for anything outside. */
  #settled(result: QuickJSHandle): QuickJSHandle {
    this.#context.unwrapResult(this.#runtime.executePendingJobs());
    const promise = this.#context.getPromiseState(result);
    if (promise.type === 'pending') throw new Error('the engine waits for something outside');
    if (promise.type === 'rejected') return this.#context.unwrapResult(promise);
    if (promise.notAPromise !== true) result.dispose();
    return promise.value;
  }

  #bytesOf(result: QuickJSHandle): Bytes {
    try {
      const lifetime = this.#context.getArrayBuffer(result);
      const bytes = lifetime.value.slice();
      lifetime.dispose();
      return bytes;
    } finally {
      result.dispose();
    }
  }

  /** Bytes of memory that the script and its data take now. */
  get memoryBytes(): number {
    const usage = this.#runtime.computeMemoryUsage();
    const { memory_used_size: used } = this.#context.dump(usage) as {
      readonly memory_used_size: number;
    };
    usage.dispose();
    return used;
  }

  dispose(): void {
    this.#context.dispose();
    this.#runtime.dispose();
  }
}

/** All that the language needs, and no `Date`. */
const INTRINSICS = {
  BaseObjects: true,
  Eval: true,
  StringNormalize: true,
  RegExp: true,
  JSON: true,
  Proxy: true,
  MapSet: true,
  TypedArrays: true,
  Promise: true,
};

/**
 * Loads a script into an engine of its own.
 *
 * @param machine with the memory of {@link machineMemory}
 */
export function startEngine(machine: QuickJSWASMModule, code: Bytes): BareEngine {
  const runtime = machine.newRuntime();
  return new BareEngine(runtime, runtime.newContext({ intrinsics: INTRINSICS }), code);
}
