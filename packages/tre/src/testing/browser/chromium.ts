import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Debian's. */
export const CHROMIUM = '/usr/bin/chromium';

/** Whether tests in a browser are to be skipped, visibly: on a build machine they run, and fail without one. */
export const skipChromium: boolean = !existsSync(CHROMIUM) && process.env.CI !== 'true';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
  // Nobody speaks over it: a browser ends when the other end of its pipe is gone, however that went.
  '--remote-debugging-pipe',
];

/** A folder for a browser's profile: what it keeps from one start to the next. */
export function makeProfile(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'profile-'));
}

/** A real Chromium on a profile, in a group of processes of its own. */
export class Chromium {
  readonly #child: ChildProcess;
  readonly #browser: Browser;

  private constructor(child: ChildProcess, browser: Browser) {
    this.#child = child;
    this.#browser = browser;
  }

  /** @param flags what this one is started with beside the usual, such as a camera of its own */
  static async start(profile: string, flags: readonly string[] = []): Promise<Chromium> {
    const all = [...FLAGS, ...flags, `--user-data-dir=${profile}`, 'about:blank'];
    const child = spawn(CHROMIUM, all, {
      // A group of its own can be killed as a whole, as a loss of power does.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    });
    const address = await addressOf(child);
    return new Chromium(child, await chromium.connectOverCDP(address));
  }

  /** Where its pages share cookies, storage and workers: the profile's own. */
  get context(): BrowserContext {
    const [context] = this.#browser.contexts();
    if (context === undefined) throw new Error('the browser has no profile');
    return context;
  }

  newPage(): Promise<Page> {
    return this.context.newPage();
  }

  /** Kills all of its processes at once. */
  async kill(): Promise<void> {
    const ended = this.#child.exitCode === null ? once(this.#child, 'exit') : Promise.resolve();
    if (this.#child.pid !== undefined) killGroup(this.#child.pid);
    await ended;
    await this.#browser.close();
  }

  /** Has it end in order, with everything written. */
  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    const session = await this.#browser.newBrowserCDPSession();
    // The answer is the end of the line.
    await session.send('Browser.close').catch(() => undefined);
    await ended;
    await this.kill();
  }
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Where it listens for whoever drives it; it says so once, on its standard error. */
async function addressOf(child: ChildProcess): Promise<string> {
  let said = '';
  for await (const chunk of child.stderr ?? []) {
    said += String(chunk);
    const address = /ws:\/\/\S+/.exec(said)?.[0];
    if (address !== undefined) {
      child.stderr?.resume();
      return address;
    }
  }
  throw new Error(`the browser did not start: ${said}`);
}

/** Removes a profile, once its browser has ended. */
export async function removeProfile(profile: string): Promise<void> {
  // Processes that were killed may still be letting go of their files.
  await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
