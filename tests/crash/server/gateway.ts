import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A request that was answered with success: from then on it is a promise. */
export interface Answered {
  readonly path: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly reply: Uint8Array<ArrayBuffer>;
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Where devices find the backend, whatever port it has after a restart. It notes every answer that a
 * device got or could have got, in memory that no crash reaches, and counts what was cut.
 */
export class Gateway {
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #onPulse: () => void;
  readonly url: string;
  /** Of the backend now; null while there is none. */
  backendUrl: string | null = null;
  /** Every success since the last look. */
  readonly answered: Answered[] = [];
  /** Requests that were under way when their answer was lost. */
  cut = 0;

  private constructor(server: Server, onPulse: () => void) {
    this.#server = server;
    this.#onPulse = onPulse;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** @param onPulse told of each request that sets out and each answer that is back */
  static async open(onPulse: () => void): Promise<Gateway> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const gateway = new Gateway(server, onPulse);
    server.on('request', (incoming, outgoing) => void gateway.#answer(incoming, outgoing));
    return gateway;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** Sends a request to the backend and notes nothing. */
  send(path: string, body: Uint8Array<ArrayBuffer> | null, type: string): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    if (this.backendUrl === null) return Promise.reject(new Error('there is no backend now'));
    const outgoing = request(
      `${this.backendUrl}${path}`,
      {
        method: body === null ? 'GET' : 'POST',
        agent: this.#agent,
        headers: body === null ? {} : { 'Content-Type': type, 'Content-Length': body.length },
      },
      (incoming) => {
        read(incoming).then(
          (bytes) =>
            resolve({
              status: incoming.statusCode ?? 0,
              type: incoming.headers['content-type'] ?? '',
              body: bytes,
            }),
          reject,
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body ?? undefined);
    return promise;
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const { status, type, body } = await this.#carry(incoming);
      outgoing.writeHead(status, { 'Content-Type': type, 'Content-Length': body.length });
      outgoing.end(body);
    } catch {
      // The device is gone.
      outgoing.destroy();
    }
  }

  async #carry(incoming: IncomingMessage): Promise<Reply> {
    const body = await read(incoming);
    const path = incoming.url ?? '/';
    const isPost = incoming.method === 'POST';
    const type = incoming.headers['content-type'] ?? 'application/octet-stream';
    this.#onPulse();
    try {
      const reply = await this.send(path, isPost ? body : null, type);
      // A backend that lost its database under a request says so.
      if (reply.status >= 500) this.cut += 1;
      if (isPost && reply.status === 200) this.answered.push({ path, body, reply: reply.body });
      this.#onPulse();
      return reply;
    } catch (error) {
      if (!wasNeverSent(error)) this.cut += 1;
      return { status: 502, type: 'text/plain', body: new Uint8Array(0) };
    }
  }
}

function wasNeverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'ECONNREFUSED') || error.message.startsWith('there is');
}

async function read(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  if (!incoming.complete) throw new Error('the message was cut');
  return Uint8Array.from(Buffer.concat(chunks));
}
