import type { Bytes } from '@tallystick/protocol';
import {
  DefaultIntrinsics,
  getQuickJS,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from 'quickjs-emscripten';

/** A bare engine with one script in it: no clock, no randomness, no codecs, no network. */
export class BareEngine {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;

  constructor(runtime: QuickJSRuntime, context: QuickJSContext, code: Bytes) {
    this.#runtime = runtime;
    this.#context = context;
    this.#run('delete Math.random');
    // Grows the memory of WebAssembly now: the binding loses track when it grows while a job runs.
    this.#run('new ArrayBuffer(1 << 25)');
    this.#run(Buffer.from(code).toString('ascii'));
  }

  #run(code: string): void {
    this.#context.unwrapResult(this.#context.evalCode(code)).dispose();
  }

  /** Calls a function of the script, bytes to bytes; one that promises is run to its end. */
  call(name: string, bytes: Bytes): Bytes {
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

/** Loads a script into an engine of its own. */
export async function bareEngine(code: Bytes): Promise<BareEngine> {
  const runtime = (await getQuickJS()).newRuntime();
  const context = runtime.newContext({ intrinsics: { ...DefaultIntrinsics, Date: false } });
  return new BareEngine(runtime, context, code);
}
