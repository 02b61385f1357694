import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '../tpm/emulator.ts';
import type { TpmManufacturer } from '../tpm/manufacturer.ts';
import { type OpenTpm, openTpm } from '../tpm/open.ts';

/** Whether tests with a TPM are to be skipped, visibly: on a build machine they run, and fail without one. */
export const skipTpm: boolean = !existsSync('/usr/bin/swtpm') && process.env.CI !== 'true';

/** A TPM of one test file, with a folder for whatever else it keeps. */
export class EmulatedTpm {
  readonly folder: string;
  #emulator: Emulator;
  #tpm: OpenTpm;

  private constructor(folder: string, emulator: Emulator, tpm: OpenTpm) {
    this.folder = folder;
    this.#emulator = emulator;
    this.#tpm = tpm;
  }

  /** @param manufacturer who makes it; without one it has no certificate */
  static async start(manufacturer?: TpmManufacturer): Promise<EmulatedTpm> {
    const folder = await mkdtemp(join(tmpdir(), 'tpm-'));
    await manufacturer?.make(join(folder, 'tpm'));
    const emulator = await startEmulator(join(folder, 'tpm'));
    return new EmulatedTpm(folder, emulator, await openTpm(emulator.line));
  }

  get tpm(): OpenTpm {
    return this.#tpm;
  }

  /** Ends the emulator at once, as a loss of power does. */
  kill(): Promise<void> {
    return this.#emulator.stop();
  }

  /** Starts it again, on what it kept. */
  async revive(): Promise<void> {
    this.#emulator = await startEmulator(join(this.folder, 'tpm'));
    this.#tpm = await openTpm(this.#emulator.line);
  }

  async stop(): Promise<void> {
    await this.tpm.close();
    await this.kill();
    await rm(this.folder, { recursive: true });
  }
}
