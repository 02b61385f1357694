import { START } from '@tallystick/trusted-app/testing';
import { Rig } from '../rig/rig.ts';
import { expectNoFrame } from '../rig/expect.ts';
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
      async (rig) => {
        const { iut, folder, issuer } = rig;
        await rig.start();
        await rig.load(300n);
        const second = new Rig(iut, issuer.scheme, `${folder}-second`);
        await second.start();
        await second.expectBalance(0n, 'in another folder');
        await iut.open(folder);
        await rig.clock(START);
        await rig.expectBalance(300n, 'in the first folder again');
      },
    ],
    [
      'torn-message',
      'a message that comes in pieces is one message',
      ['TS-CNF-2'],
      async (rig) => {
        await rig.start();
        await rig.iut.orderInPieces({ kind: ORDER.clock, time: START + 1 });
        await rig.expectBalance(0n, 'after an order in pieces');
      },
    ],
    [
      'unread-order',
      'an order that does not exist is refused, and the next one carried out',
      ['TS-CNF-3', 'TS-CNF-4', 'TS-ENC-5'],
      async (rig) => {
        await rig.start();
        await rig.load(200n);
        const order = encodeOrder({ kind: ORDER.end });
        await rig.iut.expectRefusal(order.map((byte) => (byte === ORDER.end ? 0x17 : byte)));
        await rig.expectBalance(200n, 'after an order that does not exist');
      },
    ],
    [
      'end-without-contact',
      'the end of a contact that is not there changes nothing',
      ['TS-CNF-6'],
      async (rig) => {
        await rig.start();
        expectNoFrame(await rig.end(), 1, 2, 3, 4, 5);
        await rig.load(100n);
        await rig.expectBalance(100n, 'after it');
      },
    ],
  ],
);
