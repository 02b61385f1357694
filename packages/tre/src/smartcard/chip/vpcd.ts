import { createConnection, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Bytes, concat } from '@tallystick/protocol';

/** What a reader does to a card, but for APDUs (vsmartcard's vpcd). */
const CONTROL = { powerOff: 0, powerOn: 1, reset: 2, atr: 4 } as const;

/** T=1, no historical bytes: 3B 80 80 01 01 (ISO/IEC 7816-3). */
const ATR: Bytes = Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);

export interface CardInReader {
  /** Rejects when the card cannot go on without a reset. */
  process(apdu: Bytes): Promise<Bytes>;
  reset(): Promise<void>;
}

/** Puts a card into a virtual reader; resolves when it has been pulled out, or the reader is gone. */
export async function insertInto(port: number, card: CardInReader): Promise<void> {
  const socket = await connectTo(port);
  let turn: Promise<void> = Promise.resolve();
  let got: Bytes = new Uint8Array(0);
  socket.on('data', (part: Buffer) => {
    got = concat(got, part);
    for (let frame = takeFrame(); frame !== null; frame = takeFrame()) {
      const message = frame;
      turn = turn.then(() => serve(socket, card, message));
    }
  });
  await new Promise<void>((resolve) => {
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });

  /** Two bytes of length, then that many. */
  function takeFrame(): Bytes | null {
    const length = ((got[0] ?? 0) << 8) | (got[1] ?? 0);
    if (got.length < 2 || got.length < 2 + length) return null;
    const frame = got.slice(2, 2 + length);
    got = got.slice(2 + length);
    return frame;
  }
}

/** How long a reader may take to notice that a slot is free: it has room for one who waits, and drops the next. */
const CONNECT_MS = 50;
const ATTEMPTS = 200;

async function connectTo(port: number): Promise<Socket> {
  for (let attempt = 1; ; attempt++) {
    const socket = createConnection(port, '127.0.0.1');
    socket.setNoDelay(true);
    const isConnected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      setTimeout(() => resolve(false), CONNECT_MS);
    });
    if (isConnected) return socket;
    socket.destroy();
    if (attempt === ATTEMPTS) throw new Error(`the reader on port ${port} takes no card`);
    await pause(CONNECT_MS);
  }
}

async function serve(socket: Socket, card: CardInReader, message: Bytes): Promise<void> {
  const [control] = message;
  if (message.length === 1) {
    if (control === CONTROL.atr) send(socket, ATR);
    else await card.reset();
    return;
  }
  try {
    send(socket, await card.process(message));
  } catch {
    // It is mute until it is powered on again, as a chip is that has given up.
    socket.destroy();
  }
}

/** In one piece: a reader that waits for the rest of a frame waits for a timer. */
function send(socket: Socket, message: Bytes): void {
  socket.write(concat(Uint8Array.of(message.length >> 8, message.length & 0xff), message));
}
