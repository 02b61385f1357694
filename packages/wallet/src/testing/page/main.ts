/** The page of the tests: a wallet with a screen and a camera, which does what the test asks. */
import { decodeFrame, fromHex, type Result, toHex, unwrap } from '@tallystick/protocol';
import {
  type Camera,
  type Decoder,
  openBrowserStore,
  openCamera,
  openDecoder,
} from '../../browser/index.ts';
import {
  encodeQr,
  QrAssembler,
  type QrCode,
  qrDuplex,
  type QrResult,
  type QrScanner,
} from '../../transport/index.ts';
import type { PendingStore } from '../../pending-store.ts';
import type { Wallet } from '../../wallet.ts';
import type { PageApp } from '../page-app.ts';
import { walletInPage } from './purse.ts';
import { Screen } from './screen.ts';

const nowMs = (): number => performance.now();
const svg =
  document.querySelector('svg') ?? document.createElementNS('http://www.w3.org/2000/svg', 'svg');
const video = document.querySelector('video') ?? document.createElement('video');
const screen = new Screen(svg, nowMs);

let wallet: Wallet | null = null;
let contact: QrScanner | null = null;
let decoder: Decoder | null = null;
let camera: Camera | null = null;
let ended: string | null = null;
let kept: Promise<Result<PendingStore>> | null = null;
const assembler = new QrAssembler();
const shown: { kind: number; parts: number }[] = [];
const seen: string[] = [];

function begin(): QrScanner {
  contact = qrDuplex((code: QrCode | null) => {
    screen.show(code);
    if (code === null) return;
    const scan = new QrAssembler().add(code.text(0));
    const frame = scan.ok && 'done' in scan.value ? scan.value.done : null;
    shown.push({ kind: frame === null ? -1 : decodeFrame(frame).kind, parts: code.parts });
  });
  return contact;
}

function heed(text: string): void {
  const result: QrResult = contact === null ? assembler.add(text) : contact.scanned(text);
  const word = wordFor(result);
  if (word !== null && word !== seen.at(-1)) seen.push(word);
}

function wordFor(result: QrResult): string | null {
  if (!result.ok) return result.error.code;
  return 'done' in result.value ? toHex(result.value.done) : null;
}

function need<T>(value: T | null): T {
  if (value === null) throw new Error('the test has not opened this');
  return value;
}

const app: PageApp = {
  openPurse: async (account, participant, load) => {
    wallet = await walletInPage({ account, participant, load: BigInt(load), sinceMs: nowMs });
  },
  balance: async () => {
    const balance = await need(wallet).balance();
    return balance.ok ? String(balance.value.amount) : balance.error.code;
  },
  openCamera: async (patienceMs) => {
    const reader = await openDecoder(patienceMs === undefined ? {} : { patienceMs });
    if (!reader.ok) return reader.error.code;
    decoder = reader.value;
    ended = null;
    const opened = await openCamera({
      video,
      decoder,
      onText: heed,
      onEnd: ({ code }) => {
        ended = code;
      },
    });
    if (!opened.ok) {
      decoder.close();
      return opened.error.code;
    }
    camera = opened.value;
    return null;
  },
  closeCamera: async () => {
    need(camera).close();
    need(decoder).close();
  },
  isLooking: async () => video.srcObject !== null && !video.paused,
  pay: async () => {
    const paid = await need(wallet).pay(begin().transport, async () => ({ approve: true }));
    return paid.ok ? paid.value.state : paid.error.code;
  },
  getPaid: async (amount) => {
    const got = await need(wallet).getPaid(begin().transport, { amount: BigInt(amount) });
    return got.ok ? String(got.value.amount) : got.error.code;
  },
  endContact: () => need(contact).transport.close(),
  shown: async () => shown,
  showFrame: async (frame) => screen.show(encodeQr(fromHex(frame) ?? new Uint8Array(0))),
  showText: async (text) => screen.text(text),
  showRubbish: async () => {
    const rows = Array.from({ length: 60 }, (_, y) => `M${y % 7} ${y}h${1 + ((y * y) % 40)}v1H0z`);
    screen.draw(rows.join(''), 60);
  },
  seen: async () => seen.splice(0),
  ended: async () => ended,
  store: async (use, key, value = '') => {
    kept ??= openBrowserStore('kept');
    const store = unwrap(await kept);
    if (use === 'put') return store.put(key, fromHex(value) ?? new Uint8Array(0));
    if (use === 'list') return store.list(key);
    if (use === 'remove') return store.remove(key);
    const found = await store.get(key);
    return found === null ? null : toHex(found);
  },
  loseStore: async () => {
    const store = unwrap(await openBrowserStore('lost'));
    const losing = await walletInPage({
      account: 'loser',
      participant: 'ALPHSESS',
      load: 100n,
      sinceMs: nowMs,
      store,
    });
    await new Promise((resolve) => {
      indexedDB.deleteDatabase('lost').addEventListener('success', resolve);
    });
    const loaded = await losing.load(100n);
    const balance = await losing.purse.status();
    return `${loaded.ok ? 'loaded' : loaded.error.code} ${balance.ok ? balance.value.balance : ''}`;
  },
};
Object.assign(globalThis, { app });
