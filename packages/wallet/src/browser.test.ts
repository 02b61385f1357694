import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** Two wallets enrol, load, pay, tear a payment and redeem, in whatever engine runs it. */
const PROGRAM = `
  import { emptyDisk, memoryHost, openElement, seededRandom } from '@tallystick/tre';
  import { START, TEST_MEASUREMENT, testScheme } from '@tallystick/trusted-app/testing';
  import { createWallet, memoryPair, memoryStore } from './index.ts';
  import { TestBackend } from './testing/backend.ts';

  const backend = new TestBackend(testScheme(), START);
  const timer = {
    now: () => START,
    after: () => ({ rang: new Promise(() => {}), cancel: () => {} }),
  };

  async function open(name) {
    const random = seededRandom(name);
    const host = memoryHost({ disk: emptyDisk(), random, clock: () => START });
    const identity = { environment: 'test', measurement: TEST_MEASUREMENT };
    const element = (await openElement(host, identity)).value;
    const wallet = createWallet({ element, backend, pendingStore: memoryStore(), timer });
    await wallet.enrol({ participant: 'ALPHSESS', account: name });
    return wallet;
  }

  async function main() {
    const [ada, bo] = [await open('ada'), await open('bo')];
    await ada.load(1000n);
    const yes = async () => ({ approve: true });
    const whole = memoryPair();
    await Promise.all([ada.pay(whole.a, yes), bo.getPaid(whole.b, { amount: 300n })]);
    const torn = memoryPair((_, index) => (index === 2 ? 'cut' : 'deliver'));
    const [paid] = await Promise.all([ada.pay(torn.a, yes), bo.getPaid(torn.b, { amount: 50n })]);
    const again = memoryPair();
    const [resolved] = await Promise.all([
      ada.resolve(again.a, paid.value.paymentId, 'retry'),
      bo.answer(again.b),
    ]);
    const redeemed = await bo.redeemAll();
    const balances = [await ada.balance(), await bo.balance()].map(({ value }) => value.amount);
    const states = [paid, resolved, redeemed].map(({ value }) => value.state);
    return [...states, ...balances, backend.ledger.reserve].join(' ');
  }
  globalThis.finished = main();
`;

test('bundled for a browser, the wallet runs in an engine that has nothing but JavaScript', async () => {
  const bundle = await build({
    stdin: { contents: PROGRAM, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    write: false,
    logLevel: 'silent',
  });
  const page = createContext({});
  expect(runInContext('typeof Buffer + typeof process + typeof setTimeout', page)).toBe(
    'undefined'.repeat(3),
  );
  runInContext(bundle.outputFiles[0]?.text ?? '', page);
  expect(await runInContext('finished', page)).toBe('inDoubt paid paid 650 0 650');
});

test('the SDK by itself takes no more than a page can load', async () => {
  const bundle = await build({
    stdin: { contents: "export * from './index.ts';", resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    logLevel: 'silent',
    metafile: true,
  });
  const outside = Object.values(bundle.metafile.inputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );
  expect(outside).toEqual([]);
  expect(bundle.outputFiles[0]?.contents.length).toBeLessThan(163_840);
});
