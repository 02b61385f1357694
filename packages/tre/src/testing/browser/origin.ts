import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SiteFile } from '../../site/index.ts';

/** An origin on a free port of the loopback, with files that may be named once the port is known. */
export class Origin {
  readonly #server: Server;
  readonly url: string;
  files: readonly SiteFile[] = [];

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
    server.on('request', ({ url: asked }, response) => {
      const file = this.files.findLast(({ path }) => path === asked);
      if (file === undefined) return response.writeHead(404).end();
      return response.writeHead(200, file.headers).end(file.bytes);
    });
  }

  /** @param host a name of the loopback: browsers take each for a site of its own */
  static async start(host: '127.0.0.1' | 'localhost', port = 0): Promise<Origin> {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const { port: taken } = server.address() as AddressInfo;
    return new Origin(server, `http://${host}:${taken}`);
  }

  serve(files: readonly SiteFile[]): void {
    this.files = files;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
