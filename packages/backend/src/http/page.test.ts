import { readFile } from 'node:fs/promises';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';

/** As much of an element as the page touches. */
class Part {
  textContent = '';
  hidden = false;
  title = '';
  readonly dataset: Record<string, string> = {};
  readonly attributes: Record<string, string> = {};
  children: Part[] = [];
  append(...parts: Part[]): void {
    this.children.push(...parts);
  }
  replaceChildren(...parts: Part[]): void {
    this.children = parts;
  }
  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }
  get text(): string {
    return [this.textContent, ...this.children.map(({ text }) => text)].join(' ').trim();
  }
}

const IDS = ['scheme', 'state', 'totals', 'participants', 'empty'] as const;
type Page = Record<(typeof IDS)[number], Part>;

const MONEY = (amount: string): { amount: string; currency: string } => ({
  amount,
  currency: 'EUR',
});

function supplyOf(participant: string | null, cents: string, balanced = true): object {
  const [reserve, balances] = [MONEY(cents), MONEY(cents)];
  const none = MONEY('0');
  return { participant, reserve, loss: none, position: none, balances, inFlight: none, balanced };
}

const SCRIPT = await readFile(new URL('./page/page.js', import.meta.url), 'utf8');

/** Runs the page's own script against answers of the backend; `next` is its next poll. */
async function open(
  answers: (object | null)[],
): Promise<{ page: Page; next: () => Promise<void> }> {
  const page = Object.fromEntries(IDS.map((id) => [id, new Part()])) as Page;
  const failures: unknown[] = [];
  const wakes: (() => void)[] = [];
  let asked = 0;
  const browser = {
    document: {
      hidden: false,
      getElementById: (id: keyof Page) => page[id],
      createElement: () => new Part(),
      addEventListener: () => undefined,
    },
    setTimeout: (wake: () => void) => wakes.push(wake),
    fetch: (path: string) => {
      expect(path).toBe('/v1/public/supply');
      const answer = answers[asked++];
      if (answer === null) return Promise.reject(new TypeError('no network'));
      return Promise.resolve(Response.json(answer));
    },
  };
  // It polls for ever: only a failure would end it.
  const running = runInNewContext(`(async () => {${SCRIPT}})()`, browser) as Promise<void>;
  running.catch((error: unknown) => failures.push(error));
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(failures).toEqual([]);
  };
  await settle();
  return {
    page,
    next: async () => {
      wakes.pop()?.();
      await settle();
    },
  };
}

function answerOf(items: object[]): object {
  return {
    asOf: '2027-01-01T00:00:00Z',
    scheme: { name: 'Sandbox', sandbox: true, exponent: 2 },
    participants: [{ code: 'ALPHSESS', name: 'Alpha Savings' }],
    items,
  };
}

test('shows the equation to the last minor unit, for the scheme and by name for each participant', async () => {
  const items = [supplyOf(null, '900719925474099101'), supplyOf('ALPHSESS', '5')];
  const { page } = await open([answerOf(items)]);
  expect(page.totals.text).toContain('9\u202f007\u202f199\u202f254\u202f740\u202f991.01 EUR');
  expect(page.participants.text).toContain('Alpha Savings');
  expect(page.participants.text).toContain('0.05 EUR');
  expect(page.state.dataset.state).toBe('balanced');
  expect(page.scheme.textContent).toContain('play money');
  expect(page.empty.hidden).toBe(true);
});

test('says when there is no money yet', async () => {
  const { page } = await open([answerOf([supplyOf(null, '0'), supplyOf('ALPHSESS', '0')])]);
  expect(page.empty.hidden).toBe(false);
  expect(page.totals.text).toContain('0.00 EUR');
});

test('says when the books do not balance', async () => {
  const { page } = await open([answerOf([supplyOf(null, '7', false)])]);
  expect(page.state.dataset.state).toBe('unbalanced');
  expect(page.state.textContent).toContain('do not balance');
});

test('keeps the last figures while the backend is away, says so, and recovers', async () => {
  const { page, next } = await open([
    answerOf([supplyOf(null, '100')]),
    null,
    answerOf([supplyOf(null, '200')]),
  ]);
  await next();
  expect(page.state.dataset.state).toBe('error');
  expect(page.totals.text).toContain('1.00 EUR');
  await next();
  expect(page.state.dataset.state).toBe('balanced');
  expect(page.totals.text).toContain('2.00 EUR');
});
