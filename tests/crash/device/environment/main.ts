/** An environment in a process of its own: a purse in the plain process, on the files of one folder. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeSignedImage, ES256, publicKey } from '@tallystick/protocol';
import type { Element } from '@tallystick/tre';
import { openPlainProcess } from '@tallystick/tre/plain-process';
import { answerParent } from '../calls.ts';
import type { EnvironmentCommands } from '../commands.ts';

const [directory = '', imageFile = '', publisherKey = ''] = process.argv.slice(2);
const image = decodeSignedImage(Uint8Array.from(await readFile(imageFile)));
const publisher = publicKey(ES256, Uint8Array.from(Buffer.from(publisherKey, 'hex')));

/** The environment before this one was killed a moment ago, and may hold the lock still. */
const ATTEMPTS = 40;
const PAUSE_MS = 50;

async function open(): Promise<Element> {
  for (let attempt = 1; ; attempt++) {
    const opened = await openPlainProcess({
      directory,
      publisher,
      image,
      clock: () => Math.floor(Date.now() / 1000),
      assertHolder: () => Promise.resolve(true),
    });
    if (opened.ok) return opened.value;
    const { code, message } = opened.error;
    if (code !== 'BUSY' || attempt === ATTEMPTS) throw new Error(`${code}: ${message}`);
    await pause(PAUSE_MS);
  }
}

const element = open();
// Whoever asks is told why it did not open.
element.catch(() => undefined);
answerParent<EnvironmentCommands>({
  execute: async (command) => (await element).execute(Uint8Array.from(command)),
  measurement: async () => (await element).measurement(),
  readLog: async (from, to) => (await element).readLog(from, to),
});
