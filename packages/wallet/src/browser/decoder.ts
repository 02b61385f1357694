import { Mutex } from '../mutex.ts';
import { opticalFailure, type OpticalResult } from './failure.ts';
import { WorkerLine } from './worker-line.ts';

export interface DecoderOptions {
  /** Where the files of `decoderFiles` (`@tallystick/wallet/site`) are served; the origin's root by default. */
  readonly worker?: string;
  readonly wasm?: string;
  /** How long a worker may be silent, starting included, before it is given up. */
  readonly patienceMs?: number;
}

/** Reads codes in a worker, so that the page stays free. */
export interface Decoder {
  /**
   * The texts of the codes in a picture, none where there is none; takes the picture over. Fails with
   * DECODER_FAILED when the worker has died or is silent, and the next call starts another.
   */
  decode(picture: ImageBitmap): Promise<OpticalResult<readonly string[]>>;
  close(): void;
}

const PATIENCE_MS = 5_000;

/** Starts a decoder. Fails with DECODER_FAILED when its files are not to be had or its worker does not start. */
export async function openDecoder({
  worker = '/decoder.worker.js',
  wasm = '/zxing_reader.wasm',
  patienceMs = PATIENCE_MS,
}: DecoderOptions = {}): Promise<OpticalResult<Decoder>> {
  return attempting(async () => {
    const decoder = new WorkerDecoder(worker, await bytesAt(wasm), patienceMs);
    await decoder.start();
    return decoder;
  });
}

class WorkerDecoder implements Decoder {
  readonly #address: string;
  readonly #wasm: ArrayBuffer;
  readonly #patienceMs: number;
  readonly #turns = new Mutex();
  #line: WorkerLine | null = null;
  #isClosed = false;

  constructor(address: string, wasm: ArrayBuffer, patienceMs: number) {
    this.#address = address;
    this.#wasm = wasm;
    this.#patienceMs = patienceMs;
  }

  decode(picture: ImageBitmap): Promise<OpticalResult<readonly string[]>> {
    return this.#turns.run(() => attempting(() => this.#read(picture)));
  }

  close(): void {
    this.#isClosed = true;
    this.#endLine();
  }

  async start(): Promise<WorkerLine> {
    if (this.#isClosed) throw new Error('it was closed');
    if (this.#line !== null) return this.#line;
    const line = new WorkerLine(this.#address, this.#patienceMs);
    this.#line = line;
    try {
      // The bytes are copied: the next worker needs them again.
      const answer = await line.ask({ kind: 'start', wasm: this.#wasm }, []);
      if (answer.kind !== 'started') throw new Error(wordsOf(answer));
      return line;
    } catch (error) {
      this.#endLine();
      throw error;
    }
  }

  async #read(picture: ImageBitmap): Promise<readonly string[]> {
    try {
      const line = await this.start();
      const answer = await line.ask({ kind: 'read', picture }, [picture]);
      if (answer.kind !== 'texts') throw new Error(wordsOf(answer));
      return answer.texts;
    } catch (error) {
      this.#endLine();
      throw error;
    } finally {
      // Of one that was handed over nothing is left here, and closing that is harmless.
      picture.close();
    }
  }

  #endLine(): void {
    this.#line?.end();
    this.#line = null;
  }
}

function wordsOf(answer: { readonly kind: string; readonly message?: string }): string {
  return answer.message ?? `the worker answered ${answer.kind}`;
}

async function bytesAt(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} is not there`);
  return response.arrayBuffer();
}

async function attempting<T>(work: () => Promise<T>): Promise<OpticalResult<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { ok: false, error: opticalFailure('DECODER_FAILED', detail) };
  }
}
