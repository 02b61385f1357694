import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat } from '@tallystick/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CASES } from '../cases/index.ts';
import { BOUNDS } from '../limits.ts';
import { play } from '../play.ts';
import { Deframer, framed, FramingError } from './framing.ts';
import { decodeOrder, decodeReport, encodeOrder, encodeReport, ORDER } from './messages.ts';

describe('messages over the pipe (TS-CNF-2)', () => {
  const messages = [Uint8Array.of(1), new Uint8Array(300).fill(2), Uint8Array.of(3, 4)];
  const stream = concat(...messages.map(framed));

  test.each([1, 2, 3, 5, 7, 64, 1_000])('are read whole from pieces of %d bytes', (size) => {
    const deframer = new Deframer();
    const read: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += size) {
      read.push(...deframer.take(stream.subarray(at, at + size)));
    }
    expect(read).toEqual(messages);
  });

  test.each([
    ['nothing', 0],
    ['more than the bound', BOUNDS.messageBytes + 1],
    ['as much as four bytes can say', 0xffff_ffff],
  ])('of %s end the exchange before they are read', (_, length) => {
    const head = new Uint8Array(4);
    new DataView(head.buffer).setUint32(0, length);
    expect(() => new Deframer().take(head)).toThrow(FramingError);
  });

  test('are read back as they were written', () => {
    const order = {
      kind: ORDER.pay,
      offer: messages[1]!,
      amount: 5n,
      despiteDoubt: true,
      pin: null,
    };
    expect(decodeOrder(encodeOrder(order as never))).toEqual(order);
    const report = { kind: 2, balance: 7n, inDoubt: [new Uint8Array(32)] } as const;
    expect(decodeReport(encodeReport(report))).toEqual(report);
  });
});

describe('a program that', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tallystick-pipe-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Plays five cases on a program of a few words of JavaScript. */
  async function seen(
    source: string,
    { command, answerMs = 60_000 }: { command?: [string, ...string[]]; answerMs?: number } = {},
  ): Promise<string[]> {
    const verdicts = await play(CASES.slice(0, 5), {
      command: command ?? [process.execPath, '-e', source],
      workingFolder: folder,
      answerMs,
      folder,
      beforeCase: () => undefined,
    });
    return verdicts.map(({ verdict, failure }) => `${verdict} ${failure?.seen ?? ''}`);
  }

  test('does not exist fails, and is given up', async () => {
    const verdicts = await seen('', { command: ['./no-such-program'] });
    expect(verdicts[0]).toMatch(/^FAIL ENDED: the program ended it cannot be started/);
    expect(verdicts.slice(3)).toEqual(
      Array.from({ length: 2 }, () => 'NOT TESTED it was given up'),
    );
  });

  test('ends at once fails', async () => {
    expect((await seen('process.exit(3)'))[0]).toBe(
      'FAIL ENDED: the program ended with exit code 3',
    );
  });

  test('says nothing fails when its time is over', async () => {
    const verdicts = await seen('setInterval(() => {}, 1000)', { answerMs: 200 });
    expect(verdicts[0]).toBe('FAIL TIMEOUT: nothing within 200 ms');
  });

  test.each([
    ['claims gigabytes', 'Buffer.from([0xff, 0xff, 0xff, 0xff])', /^FAIL GARBAGE: a message of/],
    ['reports no CBOR', 'Buffer.from([0, 0, 0, 1, 0xff])', /^FAIL MALFORMED/],
    ['reports another kind', 'Buffer.from([0, 0, 0, 2, 0x81, 9])', /^FAIL WRONG_KIND/],
    ['floods', 'Buffer.alloc(60000, Buffer.from([0, 0, 0, 1, 0]))', /^FAIL GARBAGE: more than/],
  ])('%s fails', async (_, bytes, wanted) => {
    const source = `process.stdin.on('data', () => process.stdout.write(${bytes}))`;
    expect((await seen(source))[0]).toMatch(wanted);
  });

  test('does nothing that it is asked is not judged', async () => {
    // Opens, sets its clock, and says that it does not do the rest.
    const reply = (hex: string): string => `Buffer.from('${hex}', 'hex')`;
    const source = `process.stdin.on('data', (order) => {
      const [done, no] = [${reply('00000003820080')}, ${reply('0000000f83016b756e737570706f7274656480')}];
      process.stdout.write(order[5] <= 2 ? done : no);
    })`;
    const verdicts = await seen(source);
    expect(new Set(verdicts)).toEqual(new Set(['NOT TESTED it says that it does not']));
  });

  test('starts another program takes it along when it is killed', async () => {
    const child = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })`;
    const verdicts = await seen(`${child}; setInterval(() => {}, 1000)`, { answerMs: 1_000 });
    expect(verdicts[0]).toMatch(/^FAIL TIMEOUT/);
  });
});
