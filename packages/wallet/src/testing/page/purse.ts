import {
  type Algorithm,
  decodeSignedImage,
  fromHex,
  publicKey,
  unwrap,
} from '@tallystick/protocol';
import { openKeysOnlyInBrowser } from '@tallystick/tre/browser';
import { START, testScheme } from '@tallystick/trusted-app/testing';
import { openBrowserStore } from '../../browser/index.ts';
import type { PendingStore } from '../../pending-store.ts';
import { platformTimer } from '../../timer.ts';
import { createWallet, type Wallet } from '../../wallet.ts';
import { TestBackend } from '../backend.ts';
import { demandOk } from '../customer.ts';

/** Put in when the page is built: whose images it runs. */
declare const PUBLISHER: { readonly alg: Algorithm; readonly key: string };

/** As cheap as scrypt can be: no purse here has a PIN. */
const STRETCH = { n: 2, r: 1, p: 1 };

/** How one account's wallet is opened. */
export interface Opening {
  readonly account: string;
  readonly participant: 'ALPHSESS' | 'BETASESS';
  /** Minor units to begin with. */
  readonly load: bigint;
  /** Milliseconds since the world of the tests began. */
  readonly sinceMs: () => number;
  readonly store?: PendingStore;
}

/**
 * A wallet on an enrolled purse in this page. Each page has an office of its own with the keys of the same
 * scheme, so that what two purses show each other is all that passes between two pages.
 */
export async function walletInPage(opening: Opening): Promise<Wallet> {
  const { account, participant, load, sinceMs } = opening;
  const nowMs = (): number => START * 1_000 + sinceMs();
  const image = decodeSignedImage(await bytesAt('/image'));
  const element = unwrap(
    await openKeysOnlyInBrowser({
      purse: account,
      image,
      publisher: publicKey(PUBLISHER.alg, fromHex(PUBLISHER.key) ?? new Uint8Array(0)),
      machine: await bytesAt('/machine.wasm'),
      clock: () => Math.floor(nowMs() / 1_000),
      stretchCost: STRETCH,
    }),
  );
  const backend = new TestBackend(testScheme(), START);
  const sha256 = await element.measurement();
  backend.measurements = backend.measurements.map((row) => ({ ...row, sha256 }));
  const wallet = createWallet({
    element,
    backend,
    pendingStore: opening.store ?? unwrap(await openBrowserStore(account)),
    timer: platformTimer({
      nowMs,
      setTimeout,
      clearTimeout,
    }),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  demandOk(await wallet.enrol({ participant, account }));
  if (load > 0n) demandOk(await wallet.load(load));
  return wallet;
}

async function bytesAt(address: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(address)).arrayBuffer());
}
