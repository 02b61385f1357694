import { START } from '@tallystick/trusted-app/testing';
import { Bench } from '../bench/bench.ts';
import { expectNoFrame } from '../bench/expect.ts';
import { type Case, topic } from '../case.ts';
import { encodeOrder, ORDER } from '../pipe/messages.ts';

export const programCases: readonly Case[] = topic(
  'program',
  ['payer', 'payee'],
  [
    [
      'folders',
      'each folder is a purse of its own, and is found again',
      ['TS-CNF-1', 'TS-CNF-2', 'TS-CNF-3', 'TS-CNF-4'],
      async (bench) => {
        const { iut, folder, issuer } = bench;
        await bench.start();
        await bench.load(300n);
        const second = new Bench(iut, issuer.scheme, `${folder}-second`);
        await second.start();
        await second.expectBalance(0n, 'in another folder');
        await iut.open(folder);
        await bench.clock(START);
        await bench.expectBalance(300n, 'in the first folder again');
      },
    ],
    [
      'torn-message',
      'a message that comes in pieces is one message',
      ['TS-CNF-2'],
      async (bench) => {
        await bench.start();
        await bench.iut.orderInPieces({ kind: ORDER.clock, time: START + 1 });
        await bench.expectBalance(0n, 'after an order in pieces');
      },
    ],
    [
      'unread-order',
      'an order that does not exist is refused, and the next one carried out',
      ['TS-CNF-3', 'TS-CNF-4', 'TS-ENC-5'],
      async (bench) => {
        await bench.start();
        await bench.load(200n);
        const order = encodeOrder({ kind: ORDER.end });
        await bench.iut.expectRefusal(order.map((byte) => (byte === ORDER.end ? 0x17 : byte)));
        await bench.expectBalance(200n, 'after an order that does not exist');
      },
    ],
    [
      'end-without-contact',
      'the end of a contact that is not there changes nothing',
      ['TS-CNF-6'],
      async (bench) => {
        await bench.start();
        expectNoFrame(await bench.end(), 1, 2, 3, 4, 5);
        await bench.load(100n);
        await bench.expectBalance(100n, 'after it');
      },
    ],
  ],
);
