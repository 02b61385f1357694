/** A wallet app in a process of its own; its purse lives in another one. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createWallet, httpBackend, platformTimer } from '@tallystick/wallet';
import { answerParent, tellParent } from '../calls.ts';
import type { WalletCommands, WalletNews } from '../commands.ts';
import { fileStore } from './file-store.ts';
import { Link } from './link.ts';
import { RemoteElement } from './remote-element.ts';

const [folder = '', imageFile = '', publisherKey = '', baseUrl = ''] = process.argv.slice(2);
const tell = (news: WalletNews): void => tellParent(news);

const timer = platformTimer({
  nowMs: () => Date.now(),
  setTimeout,
  clearTimeout,
});
const element = new RemoteElement([join(folder, 'purse'), imageFile, publisherKey], (pid) =>
  tell({ news: 'environment', pid }),
);
const wallet = createWallet({
  element,
  backend: httpBackend({ baseUrl, fetch: (url, init) => fetch(url, init), timer }),
  pendingStore: await fileStore(join(folder, 'store')),
  timer,
  random: (length) => Uint8Array.from(randomBytes(length)),
});

const links = new Map<number, Link>();

/** Uses one end of a link for one contact. */
async function over<T>(number: number, contact: (link: Link) => Promise<T>): Promise<T> {
  const link = new Link(number);
  links.set(number, link);
  try {
    return await contact(link);
  } finally {
    links.delete(number);
  }
}

/** Its holder is there, as the platform confirms. */
const HERE = { assertHolder: true };
const approve = (): Promise<{ readonly approve: true }> => Promise.resolve({ approve: true });

answerParent<WalletCommands>({
  enrol: (participant, account) => wallet.enrol({ participant, account }),
  load: (amount) => wallet.load(amount),
  sync: () => wallet.sync(),
  renew: () => wallet.renew(),
  redeem: (amount) => wallet.redeem(amount, HERE),
  redeemAll: () => wallet.redeemAll(HERE),
  balance: () => wallet.balance(),
  pending: () => wallet.pending(),
  certificate: async () => {
    const status = await wallet.purse.status();
    return status.ok ? { ok: true, value: status.value.certificate } : status;
  },
  pay: (number) => over(number, (link) => wallet.pay(link, approve)),
  getPaid: (number, amount) => over(number, (link) => wallet.getPaid(link, { amount })),
  answer: (number) => over(number, (link) => wallet.answer(link)),
  resolve: (number, paymentId, how) =>
    over(number, (link) => wallet.resolve(link, Uint8Array.from(paymentId), how)),
  frame: (number, frame) => links.get(number)?.arrive(Uint8Array.from(frame)),
  linkEnded: (number) => links.get(number)?.end(),
});
