import { type Algorithm, type Bytes, encodeCbor, unwrap } from '@tallystick/protocol';
import { START, testScheme } from '@tallystick/trusted-app/testing';
import { ExaminedPurse } from '../conformance/purse.ts';
import { bootHere, type Boot } from '../core.ts';
import { hostElement } from '../element.ts';
import { emptyDisk } from '../memory/disk.ts';
import { memoryHost, type MemoryHostOptions } from '../memory/host.ts';
import { seededRandom } from '../memory/random.ts';
import type { Element } from '../port.ts';
import { TEST_IDENTITY } from './identity.ts';

export interface StoryOptions {
  /** Where the trusted application of a purse runs; here, unless something else is said. */
  readonly boot?: Boot;
  readonly verify?: MemoryHostOptions['verify'];
}

/** Two purses of a deterministic world, and every reply that either has given. */
export interface Pair {
  readonly payer: ExaminedPurse;
  readonly payee: ExaminedPurse;
  readonly replies: Bytes[];
}

/** A payer with money, and a payee without. */
export async function openPair(alg: Algorithm, options: StoryOptions = {}): Promise<Pair> {
  const replies: Bytes[] = [];
  const scheme = testScheme();
  const open = async (name: string, participant: 0 | 1): Promise<ExaminedPurse> => {
    const element = recording(await storyElement(name, options), replies);
    const specimen = {
      open: () => Promise.resolve({ ok: true, value: element } as const),
      dispose: () => Promise.resolve(),
    };
    const purse = new ExaminedPurse(specimen, scheme.participants[participant], element);
    purse.certificate = purse.participant.certify(await purse.prepare(alg));
    await purse.get(purse.personalisation(scheme, purse.certificate), 0);
    return purse;
  };
  const payer = await open('payer', 0);
  const payee = await open('payee', 1);
  await payer.load(5_000n);
  return { payer, payee, replies };
}

/** One whole payment: request, payment, receipt, and the payer's note of it. */
export async function payOnce({ payer, payee }: Pair, amount: bigint): Promise<void> {
  const request = await payee.request(amount);
  const { message } = await payer.pay(request, payee);
  const { message: receipt } = await payee.receive(message, request, payer);
  if (receipt === null) throw new Error('no receipt came');
  await payer.get({ kind: 8, receipt, certificate: payee.certificate }, 0);
}

/** Every reply of both purses from blank elements over one payment to statements, as one byte string. */
export async function paymentStory(alg: Algorithm, options: StoryOptions = {}): Promise<Bytes> {
  const pair = await openPair(alg, options);
  await payOnce(pair, 1_234n);
  for (const purse of [pair.payer, pair.payee]) {
    await purse.status();
    await purse.state();
    await purse.element.close();
  }
  return encodeCbor(pair.replies);
}

/** An element of the story: blank, and the same every time. */
async function storyElement(name: string, { boot, verify }: StoryOptions): Promise<Element> {
  const host = memoryHost({
    disk: emptyDisk(),
    random: seededRandom(name),
    clock: () => START,
    ...(verify === undefined ? {} : { verify }),
  });
  return unwrap(await hostElement(host, boot ?? bootHere(TEST_IDENTITY)));
}

function recording(element: Element, replies: Bytes[]): Element {
  return {
    execute: async (command) => {
      const reply = await element.execute(command);
      replies.push(reply);
      return reply;
    },
    readLog: (from, to) => element.readLog(from, to),
    measurement: () => element.measurement(),
    close: () => element.close(),
  };
}
