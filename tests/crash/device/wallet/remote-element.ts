import type { Element } from '@tallystick/tre';
import { Asked } from '../calls.ts';
import type { EnvironmentCommands } from '../commands.ts';

const PROGRAM = new URL('../environment/main.ts', import.meta.url);

/**
 * A purse whose environment is another process. One that has died is started again by the next
 * command, as an app opens its element again; commands under way fail with it.
 */
export class RemoteElement implements Element {
  readonly #args: readonly string[];
  readonly #onChange: (pid: number) => void;
  #environment: Asked<EnvironmentCommands> | null = null;

  /**
   * @param args the folder, the file of the signed image, and its publisher's key in hex
   * @param onChange told the process's number when it starts, and 0 when it has ended
   */
  constructor(args: readonly string[], onChange: (pid: number) => void) {
    this.#args = args;
    this.#onChange = onChange;
  }

  execute(command: Uint8Array): Promise<Uint8Array> {
    return this.#started().ask('execute', command);
  }

  readLog(from: number, to: number): Promise<readonly Uint8Array[]> {
    return this.#started().ask('readLog', from, to);
  }

  measurement(): Promise<Uint8Array> {
    return this.#started().ask('measurement');
  }

  async close(): Promise<void> {
    await this.#environment?.end('SIGTERM');
  }

  #started(): Asked<EnvironmentCommands> {
    if (this.#environment !== null) return this.#environment;
    this.#environment = new Asked<EnvironmentCommands>(PROGRAM, this.#args, {
      onEnd: () => {
        this.#environment = null;
        this.#onChange(0);
      },
    });
    this.#onChange(this.#environment.pid);
    return this.#environment;
  }
}
