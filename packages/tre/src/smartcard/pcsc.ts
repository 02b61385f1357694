import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bytes } from '@tallystick/protocol';
import { within } from '../within.ts';
import { APDU_BYTES_MAX } from './apdu.ts';
import { CardFailure } from './failure.ts';

/** The way to a card: a command APDU's bytes, a response APDU's. */
export interface CardLine {
  /** Rejects with CardFailure; afterwards it cannot be used any more. */
  transmit(apdu: Bytes): Promise<Bytes>;
  /** Lets go of the card, which loses its power. */
  close(): Promise<void>;
}

/** What is used of the package `smartcard`, which is not everywhere: it needs the headers of PC/SC to build. */
interface Library {
  readonly Context: new () => Context;
}
interface Context {
  listReaders(): readonly Reader[];
  close(): void;
}
interface Reader {
  readonly name: string;
  connect(share: number, protocol: number): Promise<Card>;
}
interface Card {
  transmit(apdu: Buffer, options: { readonly maxRecvLength: number }): Promise<Buffer>;
  disconnect(disposition: number): void;
}

const require = createRequire(import.meta.url);

/** PC/SC constants (SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T1, SCARD_UNPOWER_CARD). */
const EXCLUSIVE = 1;
const T1 = 2;
const UNPOWER = 2;

/** The slowest command hashes a PIN. */
const ANSWER_MS = 60_000;
/** How long a card may take to be put in. */
const PATIENCE_MS = 10_000;
const POLL_MS = 50;

/**
 * Reaches the card in a reader over PC/SC, and waits for it to be put in. Nobody else can use it meanwhile.
 * Rejects with CardFailure, which says what is missing.
 */
export async function reachCard(
  reader: string,
  patienceMs: number = PATIENCE_MS,
): Promise<CardLine> {
  const context = openContext();
  try {
    const card = await connect(context, reader, patienceMs);
    return lineTo(card, context);
  } catch (error) {
    context.close();
    throw error;
  }
}

/** Names of the readers that are attached. Throws CardFailure. */
export function readerNames(): readonly string[] {
  const context = openContext();
  try {
    return context.listReaders().map(({ name }) => name);
  } finally {
    context.close();
  }
}

function openContext(): Context {
  const { Context } = loadLibrary();
  try {
    return new Context();
  } catch (error) {
    throw new CardFailure(`PC/SC does not answer: ${wordsOf(error)}; is pcscd running?`);
  }
}

function loadLibrary(): Library {
  try {
    return require('smartcard') as Library;
  } catch {
    throw new CardFailure(
      'PC/SC is not built here: apt-get install libpcsclite-dev pcscd, then npm install',
    );
  }
}

async function connect(context: Context, name: string, patienceMs: number): Promise<Card> {
  let why = 'there is no such reader';
  for (let waitedMs = 0; waitedMs <= patienceMs; waitedMs += POLL_MS) {
    const reader = context.listReaders().find((each) => each.name === name);
    try {
      if (reader !== undefined) return await reader.connect(EXCLUSIVE, T1);
    } catch (error) {
      why = wordsOf(error);
    }
    await pause(POLL_MS);
  }
  throw new CardFailure(`the card in "${name}" cannot be reached: ${why}`);
}

function lineTo(card: Card, context: Context): CardLine {
  return {
    transmit: async (apdu) => {
      const options = { maxRecvLength: APDU_BYTES_MAX };
      const answering = card.transmit(Buffer.from(apdu), options).catch((error: unknown) => {
        throw new CardFailure(`the card does not answer: ${wordsOf(error)}`);
      });
      const late = (): Error => new CardFailure(`the card did not answer in ${ANSWER_MS} ms`);
      return Uint8Array.from(await within(ANSWER_MS, answering, late));
    },
    close: async () => {
      try {
        card.disconnect(UNPOWER);
      } catch {
        // It was pulled out.
      }
      context.close();
    },
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
