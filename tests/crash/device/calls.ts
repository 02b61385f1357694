import { type ChildProcess, fork } from 'node:child_process';

/** What one process asks of another, and what comes back. */
interface Ask {
  readonly ask: number;
  readonly name: string;
  readonly given: readonly unknown[];
}

interface Reply {
  readonly reply: number;
  readonly ok: boolean;
  /** The value, or why there is none. */
  readonly value: unknown;
}

type Command = (...given: unknown[]) => unknown;
type Commands<C> = { readonly [K in keyof C]: (...given: never[]) => unknown };

/** Answers what the parent process asks, for as long as it lives. */
export function answerParent<C extends Commands<C>>(commands: C): void {
  process.on('message', (message: Ask) => {
    const table = commands as unknown as Readonly<Record<string, Command>>;
    const command = table[message.name];
    if (command === undefined) throw new Error(`there is no command ${message.name}`);
    answer(message, () => command(...message.given)).catch(() => process.exit(1));
  });
  // A process whose parent was killed has nobody left to work for.
  process.on('disconnect', () => process.exit(0));
}

async function answer({ ask: reply }: Ask, run: () => unknown): Promise<void> {
  try {
    tellParent({ reply, ok: true, value: await run() });
  } catch (error) {
    tellParent({ reply, ok: false, value: String(error) });
  }
}

/** Tells the parent something it did not ask for. */
export function tellParent(message: object): void {
  // The parent may be killed at this very moment: nobody is left to be told, or to complain to.
  if (process.connected) process.send?.(message, undefined, {}, () => {});
}

/** A process that is asked, with a promise for each answer. */
export class Asked<C extends Commands<C>> {
  readonly #child: ChildProcess;
  readonly #open = new Map<number, PromiseWithResolvers<unknown>>();
  #asks = 0;
  /** Resolves when the process has ended, in whatever way. */
  readonly ended: Promise<void>;

  constructor(
    program: URL,
    args: readonly string[],
    told: { readonly onNews?: (news: object) => void; readonly onEnd: () => void },
  ) {
    const gone = Promise.withResolvers<void>();
    this.ended = gone.promise;
    this.#child = fork(program, args, {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message: Reply | object) => {
      if ('reply' in message) this.#settle(message);
      else told.onNews?.(message);
    });
    this.#child.on('error', () => {});
    this.#child.once('exit', () => {
      for (const { reject } of this.#open.values()) reject(new Error('the process ended'));
      this.#open.clear();
      told.onEnd();
      gone.resolve();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Rejects when the process ends before it has answered. */
  ask<K extends keyof C & string>(
    name: K,
    ...given: Parameters<C[K]>
  ): Promise<Awaited<ReturnType<C[K]>>> {
    const answer = Promise.withResolvers<unknown>();
    const ask = this.#asks++;
    this.#open.set(ask, answer);
    const message: Ask = { ask, name, given };
    this.#child.send(message, (error) => {
      if (error !== null && this.#open.delete(ask)) answer.reject(error);
    });
    return answer.promise as Promise<Awaited<ReturnType<C[K]>>>;
  }

  /** `kill -9`, or a let-go that lets it end by itself. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#child.kill(signal);
    return this.ended;
  }

  #settle({ reply, ok, value }: Reply): void {
    const open = this.#open.get(reply);
    this.#open.delete(reply);
    if (ok) open?.resolve(value);
    else open?.reject(new Error(String(value)));
  }
}
