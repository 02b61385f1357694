import { setTimeout as pause } from 'node:timers/promises';
import type { Dice } from '../dice.ts';
import type { Gateway } from './gateway.ts';
import { Operator } from './operator.ts';
import { findPostgres } from './processes.ts';
import { Serving } from './serving.ts';

/** Longer than PostgreSQL's own recovery, or the end of a backend without a database, may take. */
const PATIENCE_MS = 60_000;
const POLL_MS = 10;

/** The backend as its operator runs it: started again whenever it has ended. */
export class Office {
  readonly #folder: string;
  readonly #gateway: Gateway;
  #serving: Serving | null = null;
  #token = '';

  constructor(folder: string, gateway: Gateway) {
    this.#folder = folder;
    this.#gateway = gateway;
  }

  async start(): Promise<void> {
    this.#serving = new Serving(this.#folder);
    const report = await this.#serving.ready;
    if (report === null) {
      const { code, signal, stderr } = await this.#serving.ended;
      throw new Error(`serve did not start (${code ?? signal}): ${stderr}`);
    }
    this.#token = await this.#serving.operatorToken();
    this.#gateway.backendUrl = report.url;
  }

  get operator(): Operator {
    return new Operator(this.#gateway.backendUrl ?? '', this.#token);
  }

  killBackend(): void {
    this.#serving?.kill('SIGKILL');
  }

  /** Kills the first process of PostgreSQL; the others notice by themselves. */
  killPostmaster(): boolean {
    const { postmaster } = findPostgres(this.#serving?.pid ?? 0);
    return kill(postmaster);
  }

  /** Kills the process of one of PostgreSQL's connections, which makes it drop them all. */
  killConnection(dice: Dice): boolean {
    const { backends } = findPostgres(this.#serving?.pid ?? 0);
    return backends.length > 0 && kill(dice.pick(backends));
  }

  /**
   * Waits until the backend serves again, starting it where it has ended.
   *
   * @param mustEnd it lost its database for good, and must say so by ending
   * @param killAgainMs kills the new one in the middle of its start
   */
  async restore(mustEnd: boolean, killAgainMs: number | null): Promise<void> {
    const serving = this.#serving;
    if (serving === null) throw new Error('there never was a backend');
    const hasEnded = serving.ended.then(() => true);
    if (mustEnd) {
      const ended = await Promise.race([hasEnded, pause(PATIENCE_MS, false, { ref: false })]);
      if (!ended) throw new Error('serve goes on without its database, and answers nobody');
    }
    const isGone = await Promise.race([hasEnded, pause(0, false)]);
    if (isGone) {
      this.#gateway.backendUrl = null;
      if (killAgainMs !== null) await this.#startAndKill(killAgainMs);
      await this.start();
    }
    await this.#untilReady();
  }

  async stop(): Promise<number | null> {
    const ending = await this.#serving?.end('SIGTERM');
    return ending?.code ?? null;
  }

  async #startAndKill(ms: number): Promise<void> {
    const serving = new Serving(this.#folder);
    await Promise.race([pause(ms), serving.ended]);
    await serving.end('SIGKILL');
  }

  async #untilReady(): Promise<void> {
    for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
      const answered = await this.#gateway.send('/readyz', null, '').catch(() => null);
      if (answered?.status === 200) return;
      await pause(POLL_MS);
    }
    throw new Error('the backend is up, but never ready again');
  }
}

function kill(pid: number | null): boolean {
  try {
    return pid !== null && process.kill(pid, 'SIGKILL');
  } catch {
    // It was on its way out already.
    return false;
  }
}
