import { close, fstatSync, open, read, write } from 'node:fs';
import { createConnection, Socket } from 'node:net';
import { promisify } from 'node:util';
import type { Bytes } from '@tallystick/protocol';
import { within as inTime } from '../within.ts';
import { TpmFailure } from './structures.ts';

// By descriptor, since a device that is open may have been opened by another process.
const openFile = promisify(open);
const readFile = promisify(read);
const writeFile = promisify(write);
const closeFile = promisify(close);

/** The way to a TPM: one command's bytes, one response's. */
export interface TpmTransport {
  /** Rejects with TpmFailure TPM_UNREACHABLE; afterwards it cannot be used any more. */
  exchange(command: Bytes): Promise<Bytes>;
  close(): Promise<void>;
}

/** How to reach a TPM: a device such as `/dev/tpmrm0`, or the socket of an emulator. */
export type TpmAddress =
  | { readonly device: string }
  | { readonly socket: string }
  | { readonly host: string; readonly port: number };

/** Longest response of any TPM command. */
const RESPONSE_BYTES_MAX = 4_096;
const HEADER_BYTES = 10;
/** The slowest command used here makes a key, within seconds even on a slow chip. */
const PATIENCE_MS = 20_000;

/** An open way to a TPM, which may be handed to another process: a socket, or a device's file descriptor. */
export type TpmLine = Socket | number;

/** Opens the way to a TPM. Rejects with TpmFailure TPM_UNREACHABLE. */
export async function reachTpm(
  address: TpmAddress,
  patienceMs: number = PATIENCE_MS,
): Promise<TpmLine> {
  if ('device' in address) {
    return openFile(address.device, 'r+').catch((error: unknown) => {
      throw unreachable(`${address.device} cannot be opened: ${wordsOf(error)}`);
    });
  }
  const socket = createConnection('socket' in address ? { path: address.socket } : address);
  socket.setNoDelay(true);
  // Without a listener, a broken connection would end the whole process.
  socket.on('error', () => undefined);
  await within(patienceMs, connected(socket)).catch((error: unknown) => {
    socket.destroy();
    throw error;
  });
  return socket;
}

/** A line that is open already, or a new one. Rejects with TpmFailure TPM_UNREACHABLE. */
export async function lineTo(at: TpmAddress | TpmLine, patienceMs?: number): Promise<TpmLine> {
  return typeof at === 'number' || at instanceof Socket ? at : reachTpm(at, patienceMs);
}

/** The way to a TPM that whoever started this process has opened. */
export function inheritedLine(descriptor: number): TpmLine {
  if (!fstatSync(descriptor).isSocket()) return descriptor;
  const socket = new Socket({ fd: descriptor, readable: true, writable: true });
  socket.on('error', () => undefined);
  // It is no reason to go on when nobody is left to ask for anything.
  socket.unref();
  return socket;
}

/** Closes this process's end; whoever it was handed to keeps theirs. */
export async function letGo(line: TpmLine): Promise<void> {
  if (typeof line === 'number') await closeFile(line);
  else line.destroy();
}

/** Commands and responses on an open line. */
export function transportOn(line: TpmLine, patienceMs: number = PATIENCE_MS): TpmTransport {
  return typeof line === 'number'
    ? deviceTransport(line, patienceMs)
    : socketTransport(line, patienceMs);
}

function deviceTransport(descriptor: number, patienceMs: number): TpmTransport {
  return {
    exchange: async (command) => {
      await within(patienceMs, writeFile(descriptor, command));
      const response = new Uint8Array(RESPONSE_BYTES_MAX);
      // The kernel hands a response over whole, in one reading.
      const reading = readFile(descriptor, response, 0, response.length, null);
      const { bytesRead } = await within(patienceMs, reading);
      return response.slice(0, bytesRead);
    },
    close: () => closeFile(descriptor),
  };
}

function socketTransport(socket: Socket, patienceMs: number): TpmTransport {
  return {
    exchange: async (command) => {
      try {
        return await within(patienceMs, answerOn(socket, command));
      } catch (error) {
        // An answer that comes late must not be taken for that to the next command.
        socket.destroy();
        throw error;
      }
    },
    close: () =>
      new Promise((resolve) => {
        if (socket.destroyed) return resolve();
        socket.once('close', () => resolve());
        socket.end();
        socket.destroySoon();
      }),
  };
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (error) => reject(unreachable(`nobody answers: ${error.message}`)));
  });
}

/** Sends a command and collects its response, whose header says how long it is. */
function answerOn(socket: Socket, command: Bytes): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    let got = Buffer.alloc(0);
    const stop = (): void => {
      socket.off('data', take);
      socket.off('close', gone);
    };
    const fail = (error: TpmFailure): void => {
      stop();
      reject(error);
    };
    const gone = (): void => fail(unreachable('it closed the connection'));
    const take = (part: Buffer): void => {
      got = Buffer.concat([got, part]);
      if (got.length < HEADER_BYTES) return;
      const length = got.readUInt32BE(2);
      if (length > RESPONSE_BYTES_MAX || got.length > length) {
        return fail(
          new TpmFailure('TPM_MALFORMED', 'its response has another length than it says'),
        );
      }
      if (got.length < length) return;
      stop();
      resolve(Uint8Array.from(got));
    };
    if (socket.destroyed) return gone();
    socket.on('data', take);
    socket.on('close', gone);
    socket.write(command);
  });
}

function within<T>(patienceMs: number, work: Promise<T>): Promise<T> {
  return inTime(patienceMs, work, () => unreachable(`it did not answer within ${patienceMs} ms`));
}

function unreachable(message: string): TpmFailure {
  return new TpmFailure('TPM_UNREACHABLE', message);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
