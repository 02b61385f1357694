import { readFile } from 'node:fs/promises';
import { remoteAt } from '@tallystick/backend/testing/remote';
import { fromHex, toHex } from '@tallystick/protocol';
import type { Office } from './office.ts';

/** What came of a fork: whose purse it was, and where the money went. */
export interface Street {
  readonly culprit: string;
  readonly shop: string;
  /** A payment whose two halves match. */
  readonly payment: string;
}

const DEVICES = 'ALPHSESS';

/** Devices pay each other over the API alone; one of them is copied, and pays two others with the same money. */
export async function makeFork(office: Office): Promise<Street> {
  const { url, operatorTokenFile } = office.report;
  const remote = remoteAt(url, (await readFile(operatorTokenFile, 'utf8')).trim());
  const { asOf } = (await office.read('/v1/public/supply')) as { readonly asOf: string };
  const nowSeconds = Date.parse(asOf) / 1_000;
  const { items } = await remote.read<{ items: readonly { sha256: string }[] }>('/v1/images');
  const image = fromHex(items.at(-1)?.sha256 ?? '') ?? new Uint8Array(0);
  const enrol = (name: string) => remote.enrol(name, DEVICES, 50_000n, image);
  const [ann, bob, cyd] = [await enrol('ann'), await enrol('bob'), await enrol('cyd')];
  await remote.load(ann, 10_000n, nowSeconds);
  await remote.sync(ann);
  const clone = ann.clone();
  const paid = [];
  for (const [payer, payee] of [
    [ann, bob],
    [clone, cyd],
  ] as const) {
    const request = payee.request(2_500n, nowSeconds + 600);
    const payment = payer.pay(request, 2_500n, { syncedAt: nowSeconds });
    payee.receive(payment, request);
    paid.push(payer.entries.at(-1)?.id ?? new Uint8Array(0));
  }
  for (const each of [bob, cyd, ann]) await remote.sync(each);
  const [payment = new Uint8Array(0)] = paid;
  return { culprit: toHex(ann.ref), shop: toHex(bob.ref), payment: toHex(payment) };
}
